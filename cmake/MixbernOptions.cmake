# What a build can choose, and the flags that hold for every target.
option(MIXBERN_APPS "Build the command-line program" ON)
option(MIXBERN_MPI "Build the program mixbern-mpi where MPI is found" ON)
option(MIXBERN_TESTS "Build the tests" ${PROJECT_IS_TOP_LEVEL})
option(MIXBERN_BENCH "Build the benchmarks" OFF)
option(MIXBERN_PYTHON_EXTENSION "Build the extension of the Python package (pyproject.toml does)" OFF)
option(MIXBERN_FUZZ "Build the libFuzzer targets (needs clang)" OFF)
set(MIXBERN_FUZZ_SECONDS 5 CACHE STRING "How long each libFuzzer target runs as a test")
option(MIXBERN_TIDY "Run clang-tidy on every file that is compiled" OFF)
option(MIXBERN_WARNINGS_AS_ERRORS "Treat warnings as errors" OFF)
set(MIXBERN_SANITIZE "" CACHE STRING "Sanitizers, comma separated: address,undefined or thread")
# What cannot run under a sanitizer is checked all the same.
if(MIXBERN_SANITIZE AND NOT MIXBERN_TIDY)
  set(MIXBERN_RUNS_SANITIZED ON)
endif()

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/bin")
if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()

add_library(mixbern_flags INTERFACE)
# No contraction: a fused multiply-add where another kernel rounds twice would break bit-identity.
target_compile_options(mixbern_flags INTERFACE
  -ffp-contract=off -fno-math-errno
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast -Wnon-virtual-dtor
  -Woverloaded-virtual
  $<$<BOOL:${MIXBERN_WARNINGS_AS_ERRORS}>:-Werror>)
# GCC 12 sees overlapping copies where two strings are joined: https://gcc.gnu.org/PR105651
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(mixbern_flags INTERFACE -Wno-restrict)
endif()
if(MIXBERN_SANITIZE)
  target_compile_options(mixbern_flags INTERFACE
    -fsanitize=${MIXBERN_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(mixbern_flags INTERFACE -fsanitize=${MIXBERN_SANITIZE})
endif()

# Addresses of functions are looked up before main, and nothing can write over them afterwards.
if(CMAKE_SYSTEM_NAME STREQUAL "Linux")
  set(MIXBERN_HARD_LINK LINKER:-z,relro,-z,now)
  target_link_options(mixbern_flags INTERFACE ${MIXBERN_HARD_LINK})
endif()

# For the layers that meet files and texts of others. The others have no text to run over, and in the engine's small
# functions a guarded stack costs 2 %.
add_library(mixbern_guarded INTERFACE)
if(NOT MIXBERN_SANITIZE)
  target_compile_options(mixbern_guarded INTERFACE
    "$<$<CONFIG:Release,RelWithDebInfo>:-fstack-protector-strong;-U_FORTIFY_SOURCE;-D_FORTIFY_SOURCE=2>")
endif()

if(MIXBERN_SANITIZE MATCHES thread)
  target_include_directories(mixbern_flags SYSTEM INTERFACE "${PROJECT_SOURCE_DIR}/tests/tsan")
endif()
if(MIXBERN_FUZZ)
  target_compile_options(mixbern_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()

if(MIXBERN_TIDY)
  find_program(MIXBERN_CLANG_TIDY clang-tidy REQUIRED)
  # The hash changes the command line, so that files are checked again when the rules change and not otherwise.
  file(MD5 "${PROJECT_SOURCE_DIR}/.clang-tidy" rules)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/.clang-tidy")
  # Of what the standard library's headers do with their own deprecated parts only clang complains.
  set(CMAKE_CXX_CLANG_TIDY "${MIXBERN_CLANG_TIDY};--quiet;--extra-arg=-Wno-unknown-warning-option;--extra-arg=-Wno-deprecated-declarations;--extra-arg=-DMIXBERN_TIDY_RULES=${rules}")
endif()

find_program(MIXBERN_CCACHE ccache)
if(MIXBERN_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${MIXBERN_CCACHE}")
endif()
