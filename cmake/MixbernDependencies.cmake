# Every dependency comes from the system through find_package; ARCHITECTURE.md says why each is here.
# What is missing is told all at once, with the packages that bring it.
set(mixbern_missing "")
set(mixbern_missing_debian "")
set(mixbern_missing_fedora "")
set(mixbern_missing_homebrew "")
set(mixbern_missing_conda "")

# mixbern_need(NAME "what find_package takes" DEBIAN FEDORA HOMEBREW CONDA)
macro(mixbern_need name arguments debian fedora homebrew conda)
  find_package(${name} ${arguments} QUIET)
  if(NOT ${name}_FOUND)
    list(APPEND mixbern_missing ${name})
    list(APPEND mixbern_missing_debian ${debian})
    list(APPEND mixbern_missing_fedora ${fedora})
    list(APPEND mixbern_missing_homebrew ${homebrew})
    list(APPEND mixbern_missing_conda ${conda})
  endif()
endmacro()

find_package(Threads REQUIRED)
mixbern_need(TBB "" libtbb-dev tbb-devel tbb tbb-devel)
mixbern_need(ZLIB "" zlib1g-dev zlib-devel zlib zlib)
mixbern_need(fmt "" libfmt-dev fmt-devel fmt fmt)
mixbern_need(nlohmann_json "" nlohmann-json3-dev json-devel nlohmann-json nlohmann_json)
mixbern_need(Boost "1.74" libboost-dev boost-devel boost libboost-headers)
mixbern_need(Eigen3 "3.4;NO_MODULE" libeigen3-dev eigen3-devel eigen eigen)
if(MIXBERN_APPS)
  mixbern_need(CLI11 "" libcli11-dev cli11-devel cli11 cli11)
endif()
if(MIXBERN_TESTS)
  mixbern_need(GTest "" libgtest-dev gtest-devel googletest gtest)
endif()
if(MIXBERN_BENCH)
  mixbern_need(benchmark "" libbenchmark-dev google-benchmark-devel google-benchmark benchmark)
endif()

# OpenMPI keeps memory to its end, which sanitizers take for leaks.
if(MIXBERN_APPS AND MIXBERN_MPI AND NOT SKBUILD AND NOT CMAKE_CROSSCOMPILING AND NOT MIXBERN_RUNS_SANITIZED)
  find_package(MPI COMPONENTS CXX QUIET)
endif()

if(mixbern_missing)
  foreach(system IN ITEMS missing missing_debian missing_fedora missing_homebrew missing_conda)
    list(JOIN mixbern_${system} " " mixbern_${system})
  endforeach()
  message(FATAL_ERROR "mixbern needs libraries that CMake does not find: ${mixbern_missing}. Install them, then try again:\n"
    "  Debian, Ubuntu:  apt install ${mixbern_missing_debian}\n"
    "  Fedora:          dnf install ${mixbern_missing_fedora}\n"
    "  Homebrew:        brew install ${mixbern_missing_homebrew}\n"
    "  conda:           conda install -c conda-forge ${mixbern_missing_conda}\n")
endif()

if(MIXBERN_TESTS)
  # The system's Python has the system's pytest and NumPy; one found first on the PATH may have neither.
  find_program(MIXBERN_PYTHON python3 PATHS /usr/bin NO_DEFAULT_PATH)
  find_program(MIXBERN_PYTHON python3 REQUIRED)
endif()
