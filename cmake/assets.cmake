# cmake -D OUT=FILE -D "ASSETS=PATH|TYPE|FILE;..." -P assets.cmake
# Writes a C file with asset_find(), of the bytes of each file.
set(arrays "")
set(rows "")
set(number 0)
foreach(asset ${ASSETS})
	string(REPLACE "|" ";" parts "${asset}")
	list(GET parts 0 path)
	list(GET parts 1 type)
	list(GET parts 2 file)
	file(READ ${file} hex HEX)
	string(LENGTH "${hex}" length)
	math(EXPR length "${length} / 2")
	string(REGEX REPLACE "(................................)" "\\1\n" hex "${hex}")
	string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," hex "${hex}")
	string(APPEND arrays
		"static const char asset_${number}[] = {\n${hex}};\n\n")
	string(APPEND rows
		"\t{ \"${path}\", \"${type}\", asset_${number}, ${length} },\n")
	math(EXPR number "${number} + 1")
endforeach()
file(WRITE ${OUT}.new "/* Made by cmake/assets.cmake. */
#include \"sim/operator/asset.h\"

#include <string.h>

${arrays}static const struct asset assets[] = {
${rows}};

const struct asset *
asset_find(const char *path)
{
	size_t i;

	for (i = 0; i < sizeof assets / sizeof assets[0]; i++)
		if (strcmp(assets[i].path, path) == 0)
			return &assets[i];
	return NULL;
}
")
file(RENAME ${OUT}.new ${OUT})
