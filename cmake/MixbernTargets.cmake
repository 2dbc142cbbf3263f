# mixbern_layer(NAME [SOURCES ...] [USES ...]): one folder of src/ as one object library.
# USES names the outside libraries that it includes.
function(mixbern_layer name)
  cmake_parse_arguments(ARG "" "" "SOURCES;USES" ${ARGN})
  add_library(mixbern_${name} OBJECT ${ARG_SOURCES})
  target_include_directories(mixbern_${name} PUBLIC
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/src>)
  target_link_libraries(mixbern_${name} PRIVATE mixbern_flags ${ARG_USES})
  set_property(GLOBAL APPEND PROPERTY MIXBERN_LAYERS mixbern_${name})
endfunction()

# mixbern_test(NAME [THREADED] SOURCES ... [USES ...]): a GoogleTest program that may reach into src/; every test is a
# ctest of its own. THREADED tests also run under the thread sanitizer.
function(mixbern_test name)
  cmake_parse_arguments(ARG "THREADED" "" "SOURCES;USES" ${ARGN})
  add_executable(test_${name} "${PROJECT_SOURCE_DIR}/tests/more_threads.cpp" ${ARG_SOURCES})
  target_include_directories(test_${name} PRIVATE "${PROJECT_SOURCE_DIR}/src" "${PROJECT_SOURCE_DIR}/tests")
  target_link_libraries(test_${name} PRIVATE mixbern mixbern_flags GTest::gtest GTest::gmock GTest::gtest_main TBB::tbb
    fmt::fmt nlohmann_json::nlohmann_json ${ARG_USES})
  target_compile_definitions(test_${name} PRIVATE
    MIXBERN_DATA_DIR="${PROJECT_SOURCE_DIR}/data" MIXBERN_SHARED_DATA_DIR="${PROJECT_SOURCE_DIR}/../shared/data"
    MIXBERN_TEST_DIR="${PROJECT_SOURCE_DIR}/tests")
  set(label "")
  if(ARG_THREADED)
    set(label LABELS threads)
    add_dependencies(threaded_tests test_${name})
  endif()
  include(GoogleTest)
  gtest_discover_tests(test_${name} TEST_PREFIX ${name}. NO_PRETTY_TYPES NO_PRETTY_VALUES DISCOVERY_TIMEOUT 60
    PROPERTIES TIMEOUT 600 ENVIRONMENT "${MIXBERN_TEST_ENVIRONMENT}" ${label})
endfunction()

# mixbern_pytest(NAME FILE [ENVIRONMENT ...]): a file of pytest tests as one ctest. It finds the program, the sources
# and the build in MIXBERN_PROGRAM, MIXBERN_SOURCE_DIR and MIXBERN_BINARY_DIR.
function(mixbern_pytest name file)
  cmake_parse_arguments(ARG "" "" "ENVIRONMENT" ${ARGN})
  set(environment "MIXBERN_SOURCE_DIR=${PROJECT_SOURCE_DIR}" "MIXBERN_BINARY_DIR=${PROJECT_BINARY_DIR}"
    "MIXBERN_CXX=${CMAKE_CXX_COMPILER}" ${MIXBERN_TEST_ENVIRONMENT} ${ARG_ENVIRONMENT})
  if(TARGET mixbern_program)
    list(APPEND environment "MIXBERN_PROGRAM=$<TARGET_FILE:mixbern_program>")
  endif()
  if(TARGET mixbern_mpi)
    list(APPEND environment "MIXBERN_MPI_PROGRAM=$<TARGET_FILE:mixbern_mpi>")
  endif()
  add_test(NAME ${name} COMMAND "${MIXBERN_PYTHON}" -B -m pytest -q -rs -p no:cacheprovider "${file}"
    WORKING_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}")
  set_tests_properties(${name} PROPERTIES TIMEOUT 600 ENVIRONMENT "${environment}")
endfunction()
