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

function(allotment_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LINK")
  add_library(${name} STATIC ${arg_SOURCES})
  target_include_directories(${name} PUBLIC
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/src>)
  target_link_libraries(${name} PUBLIC ${arg_LINK} PRIVATE $<BUILD_INTERFACE:allotment_options>)
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
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/tests")
  add_test(NAME ${name} COMMAND ${name} WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}")
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
