# mixbern_layer(NAME [SOURCES ...] [USES ...]): one folder of src/ as one object library.
# USES names the layers below that it may include, and outside libraries.
function(mixbern_layer name)
  cmake_parse_arguments(ARG "" "" "SOURCES;USES" ${ARGN})
  add_library(mixbern_${name} OBJECT ${ARG_SOURCES})
  target_include_directories(mixbern_${name} PUBLIC
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/src>)
  target_link_libraries(mixbern_${name} PRIVATE mixbern_flags ${ARG_USES})
  set_property(GLOBAL APPEND PROPERTY MIXBERN_LAYERS mixbern_${name})
endfunction()

# mixbern_test(NAME SOURCES ...): a GoogleTest program that may reach into src/; every test is a ctest of its own.
function(mixbern_test name)
  cmake_parse_arguments(ARG "" "" "SOURCES;USES" ${ARGN})
  add_executable(test_${name} ${ARG_SOURCES})
  target_include_directories(test_${name} PRIVATE "${PROJECT_SOURCE_DIR}/src" "${PROJECT_SOURCE_DIR}/tests")
  target_link_libraries(test_${name} PRIVATE mixbern mixbern_flags GTest::gtest GTest::gmock GTest::gtest_main
    fmt::fmt nlohmann_json::nlohmann_json ${ARG_USES})
  target_compile_definitions(test_${name} PRIVATE
    MIXBERN_DATA_DIR="${PROJECT_SOURCE_DIR}/data" MIXBERN_SHARED_DATA_DIR="${PROJECT_SOURCE_DIR}/../shared/data"
    MIXBERN_TEST_DIR="${PROJECT_SOURCE_DIR}/tests")
  include(GoogleTest)
  gtest_discover_tests(test_${name} TEST_PREFIX ${name}. PROPERTIES TIMEOUT 600 DISCOVERY_TIMEOUT 60)
endfunction()
