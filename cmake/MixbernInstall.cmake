# The installed package: headers, the library, the program, and what find_package(mixbern) reads.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

install(TARGETS mixbern EXPORT mixbernTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(DIRECTORY include/mixbern DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT mixbernTargets NAMESPACE mixbern:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/mixbern)

configure_package_config_file(cmake/mixbernConfig.cmake.in "${PROJECT_BINARY_DIR}/mixbernConfig.cmake"
  INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/mixbern)
write_basic_package_version_file("${PROJECT_BINARY_DIR}/mixbernConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/mixbernConfig.cmake" "${PROJECT_BINARY_DIR}/mixbernConfigVersion.cmake"
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/mixbern)
