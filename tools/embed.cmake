# Writes OUT, a C file with the text of each of FILES (a list joined by ,) as
# a row of ARRAY: see embedded.h.
string(REPLACE "," ";" files "${FILES}")
set(arrays "")
set(rows "")
foreach(file ${files})
  get_filename_component(name ${file} NAME_WE)
  string(MAKE_C_IDENTIFIER ${name} id)
  file(READ ${file} bytes HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
  string(APPEND arrays "static const char ${id}[] = {${bytes}0};\n")
  string(APPEND rows "\t{\"${name}\", ${id}, sizeof ${id} - 1},\n")
endforeach()
file(WRITE ${OUT} "#include \"tools/line/embedded.h\"\n\n${arrays}\n"
     "const struct embedded_text ${ARRAY}[] = {\n${rows}\t{0},\n};\n")
