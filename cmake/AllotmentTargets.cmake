# How every target of this house is compiled, and the three kinds that there are:
#   allotment_library(NAME SOURCES ... LINK ...)   a folder under src/
#   allotment_test(NAME SOURCES ... LINK ...)      a doctest program beside its sources
#   allotment_program(NAME SOURCES ... LINK ...)   anything else that runs

set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

add_library(allotment_options INTERFACE)
target_compile_options(allotment_options INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wold-style-cast
  -Wno-missing-field-initializers # members have defaults, and call sites name what they set
  -Wnon-virtual-dtor -Woverloaded-virtual -Wcast-qual -Wformat=2 -Wundef -Werror
  # Results must not depend on whether a multiplication and an addition were fused.
  -ffp-contract=off)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(allotment_options INTERFACE
    -Wduplicated-cond -Wduplicated-branches -Wlogical-op
    # False alarm on "literal" + std::string in GCC 12 (its bug 105651).
    -Wno-restrict)
endif()

# Hardening; sanitizers bring their own checks and do not go with _FORTIFY_SOURCE.
target_compile_options(allotment_options INTERFACE -fstack-protector-strong)
target_link_options(allotment_options INTERFACE -Wl,-z,relro,-z,now,-z,noexecstack)
if(NOT ALLOTMENT_SANITIZE)
  target_compile_options(allotment_options INTERFACE
    $<$<CONFIG:Release>:-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -fstack-clash-protection>)
  if(CMAKE_SYSTEM_PROCESSOR STREQUAL "x86_64")
    target_compile_options(allotment_options INTERFACE $<$<CONFIG:Release>:-fcf-protection>)
  endif()
endif()
target_compile_definitions(allotment_options INTERFACE
  $<$<NOT:$<CONFIG:Release>>:_GLIBCXX_ASSERTIONS>)

if(ALLOTMENT_SANITIZE)
  target_compile_options(allotment_options INTERFACE
    -fsanitize=${ALLOTMENT_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(allotment_options INTERFACE -fsanitize=${ALLOTMENT_SANITIZE})
  # With sanitizers GCC 12 raises false alarms in std::optional and std::regex (its bug 105562).
  target_compile_options(allotment_options INTERFACE
    $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
  # Sanitizers instrument ifunc resolvers before their own start: no function clones.
  target_compile_definitions(allotment_options INTERFACE ALLOTMENT_NO_CLONES)
endif()
if(ALLOTMENT_COVERAGE)
  target_compile_options(allotment_options INTERFACE --coverage)
  target_link_options(allotment_options INTERFACE --coverage)
endif()
if(ALLOTMENT_FUZZ)
  target_compile_options(allotment_options INTERFACE -fsanitize=fuzzer-no-link)
endif()

# What computes for long: optimised a little under sanitizers, where all else is not, since compiling
# takes longer there than running.
function(allotment_computes)
  foreach(name ${ARGN})
    if(ALLOTMENT_SANITIZE AND NOT ALLOTMENT_FUZZ AND TARGET ${name})
      target_compile_options(${name} PRIVATE $<$<CONFIG:RelWithDebInfo>:-O1>)
      set_target_properties(${name} PROPERTIES DISABLE_PRECOMPILE_HEADERS ON) # read for -O0
    endif()
  endforeach()
endfunction()

# What is tested is optimised in a release, what tests it hardly: it is compiled once and runs once.
# At -O1 GCC 12.2 takes the short buffer of a std::string for all of it.
set(allotment_of_tests $<$<CONFIG:Release>:-O1> -Wno-array-bounds -Wno-stringop-overflow)

# Headers that nearly every source includes are read once: for libraries under sanitizers, and for tests,
# which are position independent in another way. Not for what GCC optimises in a release, as it raises
# false alarms there once headers are no longer seen as the system's (12.2, -Wstringop-overflow).
# Nothing relies on it: a build without, such as dev, finds every include that is missing.
if(ALLOTMENT_PRECOMPILE)
  set(headers <algorithm> <array> <chrono> <expected> <functional> <map> <memory> <mutex> <optional>
    <ranges> <set> <string> <vector> <fmt/format.h>)
  set(source "${CMAKE_BINARY_DIR}/headers.cpp")
  file(CONFIGURE OUTPUT "${source}" CONTENT "int main() {}\n") # writes nothing where nothing changed
  add_library(allotment_library_headers OBJECT EXCLUDE_FROM_ALL "${source}")
  add_executable(allotment_test_headers EXCLUDE_FROM_ALL "${source}")
  target_compile_options(allotment_test_headers PRIVATE ${allotment_of_tests})
  foreach(kind library test)
    target_link_libraries(allotment_${kind}_headers PRIVATE fmt::fmt allotment_options)
    target_precompile_headers(allotment_${kind}_headers PRIVATE ${headers})
  endforeach()
endif()
function(allotment_precompiled name kind)
  if(ALLOTMENT_PRECOMPILE)
    target_precompile_headers(${name} REUSE_FROM allotment_${kind}_headers)
    # Else a target that does not use fmt could not use what was read with its definitions.
    target_compile_definitions(${name} PRIVATE $<TARGET_PROPERTY:fmt::fmt,INTERFACE_COMPILE_DEFINITIONS>)
  endif()
endfunction()

function(allotment_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LINK")
  add_library(${name} STATIC ${arg_SOURCES})
  target_include_directories(${name} PUBLIC
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/src>)
  target_link_libraries(${name} PUBLIC ${arg_LINK} PRIVATE $<BUILD_INTERFACE:allotment_options>)
  if(ALLOTMENT_SANITIZE)
    allotment_precompiled(${name} library)
  endif()
endfunction()

function(allotment_program name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LINK")
  add_executable(${name} ${arg_SOURCES})
  target_include_directories(${name} PRIVATE "${PROJECT_SOURCE_DIR}/src" "${PROJECT_SOURCE_DIR}")
  target_link_libraries(${name} PRIVATE ${arg_LINK} allotment_options)
endfunction()

# doctest's main is compiled once.
if(ALLOTMENT_TESTS)
  add_library(allotment_doctest OBJECT "${PROJECT_SOURCE_DIR}/tests/support/doctest_main.cpp")
  target_link_libraries(allotment_doctest PUBLIC doctest::doctest PRIVATE allotment_options)
endif()

function(allotment_test name)
  if(NOT ALLOTMENT_TESTS)
    return()
  endif()
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LINK")
  allotment_program(${name}
    SOURCES ${arg_SOURCES} $<TARGET_OBJECTS:allotment_doctest>
    LINK ${arg_LINK} doctest::doctest)
  target_compile_options(${name} PRIVATE ${allotment_of_tests})
  allotment_precompiled(${name} test)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/tests")
  add_test(NAME ${name} COMMAND ${name} WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}")
endfunction()

# Tests of this program start threads: they alone are built and run under ThreadSanitizer. Where most
# of a program's cases use one thread, the names of the others are given: doctest patterns, with commas.
add_custom_target(threaded_tests)
function(allotment_threaded name)
  if(NOT ALLOTMENT_TESTS)
    return()
  endif()
  add_dependencies(threaded_tests ${name})
  set(test ${name})
  if(ARGC GREATER 1)
    set(test ${name}.threads)
    add_test(NAME ${test} COMMAND ${name} --test-case=${ARGV1}
      WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}")
  endif()
  set_property(TEST ${test} APPEND PROPERTY LABELS threads)
endfunction()

# Tests of this program run on SQLite and on the PostgreSQL of tests/postgres.
function(allotment_on_postgres name)
  if(ALLOTMENT_TESTS)
    set_tests_properties(${name} PROPERTIES FIXTURES_REQUIRED postgres
      ENVIRONMENT "ALLOTMENT_TEST_POSTGRES=${PROJECT_BINARY_DIR}/postgres/url")
  endif()
endfunction()

# Compiles text files into a target: HEADER declares one string_view a file in NAMESPACE.
function(allotment_embed target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "NAMESPACE;HEADER" "FILES")
  set(output "${CMAKE_CURRENT_BINARY_DIR}/embedded/${arg_HEADER}")
  list(TRANSFORM arg_FILES PREPEND "${CMAKE_CURRENT_SOURCE_DIR}/" OUTPUT_VARIABLE files)
  list(JOIN files "," joined)
  add_custom_command(OUTPUT "${output}"
    COMMAND ${CMAKE_COMMAND} -DNAMESPACE=${arg_NAMESPACE} -DOUTPUT=${output} -DFILES=${joined}
            -P "${PROJECT_SOURCE_DIR}/cmake/embed.cmake"
    DEPENDS ${files} "${PROJECT_SOURCE_DIR}/cmake/embed.cmake"
    VERBATIM)
  target_sources(${target} PRIVATE "${output}")
  target_include_directories(${target} PRIVATE "${CMAKE_CURRENT_BINARY_DIR}/embedded")
endfunction()

# Compiles what the build of web/ wrote into a target, as `allot::app::assets()`: each file whole, put
# in by the assembler. Without that build (no Node, or -DALLOTMENT_WEB=OFF) there is the style alone.
function(allotment_assets target)
  set(folder "${PROJECT_SOURCE_DIR}/build/web/dist")
  file(GLOB files CONFIGURE_DEPENDS "${folder}/*.js" "${folder}/*.css" "${folder}/*.woff2")
  if(NOT ALLOTMENT_WEB OR NOT files)
    message(STATUS "Pages without scripts: ${folder} was not built")
    set(style "${CMAKE_CURRENT_BINARY_DIR}/style.css")
    set(text "@layer tokens, base, shell, parts, modes;\n")
    foreach(part tokens:tokens base:base shell:shell forms:parts parts:parts modes:modes)
      string(REPLACE ":" ";" part ${part})
      list(GET part 0 name)
      list(GET part 1 layer)
      set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
        "${PROJECT_SOURCE_DIR}/web/style/${name}.css")
      file(READ "${PROJECT_SOURCE_DIR}/web/style/${name}.css" css)
      string(APPEND text "@layer ${layer} {\n${css}}\n")
    endforeach()
    file(WRITE "${style}" "${text}")
    set(files "${style}")
  endif()
  set(assembly ".section .rodata\n")
  set(declared "")
  set(listed "")
  set(k 0)
  foreach(file ${files})
    get_filename_component(name "${file}" NAME)
    string(APPEND assembly ".globl asset_${k}\nasset_${k}:\n.incbin \"${file}\"\n"
      ".globl asset_${k}_end\nasset_${k}_end:\n.byte 0\n")
    string(APPEND declared "extern const char asset_${k}[];\nextern const char asset_${k}_end[];\n")
    string(APPEND listed "        AssetFile{\"${name}\", {asset_${k}, asset_${k}_end}},\n")
    math(EXPR k "${k} + 1")
  endforeach()
  string(APPEND assembly ".section .note.GNU-stack,\"\",@progbits\n")
  file(CONFIGURE OUTPUT "${CMAKE_CURRENT_BINARY_DIR}/assets.S" CONTENT "${assembly}" @ONLY)
  file(CONFIGURE OUTPUT "${CMAKE_CURRENT_BINARY_DIR}/assets.cpp" @ONLY CONTENT
"// Written by allotment_assets.
#include \"app/rooms.hpp\"

#include <array>

extern \"C\" {
${declared}}

namespace allot::app {

std::span<const pages::AssetFile> assets() {
    using pages::AssetFile;
    static const std::array all = {
${listed}    };
    return all;
}

} // namespace allot::app
")
  # The assembler reads the files, which CMake does not see.
  set_property(SOURCE "${CMAKE_CURRENT_BINARY_DIR}/assets.S" PROPERTY OBJECT_DEPENDS "${files}")
  target_sources(${target} PRIVATE "${CMAKE_CURRENT_BINARY_DIR}/assets.S"
    "${CMAKE_CURRENT_BINARY_DIR}/assets.cpp")
endfunction()
