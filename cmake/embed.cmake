# Writes a header with the text of each file as a constant named after it ("people.en.json" is
# people_en). Run by allotment_embed:
#   cmake -DNAMESPACE=.. -DOUTPUT=.. -DFILES=a.mustache,b.mustache -P embed.cmake
set(text "// Written from ${FILES} by cmake/embed.cmake.\n#pragma once\n\n#include <string_view>\n\nnamespace ${NAMESPACE} {\n\n")
string(REPLACE "," ";" FILES "${FILES}")
foreach(file ${FILES})
  get_filename_component(name "${file}" NAME_WLE)
  string(REPLACE "." "_" name "${name}")
  file(READ "${file}" content)
  string(APPEND text "inline constexpr std::string_view ${name} = R\"embedded(${content})embedded\";\n\n")
endforeach()
file(WRITE "${OUTPUT}" "${text}} // namespace ${NAMESPACE}\n")
