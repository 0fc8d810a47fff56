# The build of script/lint: where others compile, the preprocessor notes what a file includes, then
# clang-tidy looks at it, warnings of clang among the rest. Nothing is compiled, so nothing is linked.
set(flags "<DEFINES> <INCLUDES> <FLAGS> -DTIDY_CONFIG_${ALLOTMENT_TIDY_CONFIG}")
set(CMAKE_CXX_COMPILE_OBJECT
  "<CMAKE_CXX_COMPILER> ${flags} -E -o /dev/null <SOURCE>"
  "clang-tidy-19 --quiet --load=${CMAKE_BINARY_DIR}/our_code.so <SOURCE> -- ${flags} -fno-caret-diagnostics"
  "${CMAKE_COMMAND} -E touch <OBJECT>")
set(CMAKE_CXX_CREATE_STATIC_LIBRARY "${CMAKE_COMMAND} -E touch <TARGET>")
set(CMAKE_CXX_LINK_EXECUTABLE "${CMAKE_COMMAND} -E touch <TARGET>")
