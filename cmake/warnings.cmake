# Every target of ours links this.  Whether a warning is an error is the
# preset's business: it is one in dev and whatever inherits from it.
add_library(hotswitch_warnings INTERFACE)
target_include_directories(hotswitch_warnings INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_definitions(hotswitch_warnings INTERFACE _GNU_SOURCE)
target_compile_options(hotswitch_warnings INTERFACE
	-fmacro-prefix-map=${PROJECT_SOURCE_DIR}/=
	-Wall
	-Wextra
	-Wpedantic
	-Wcast-align
	-Wcast-qual
	-Wconversion
	-Wdate-time
	-Wdouble-promotion
	-Wformat=2
	-Wimplicit-fallthrough
	-Wmissing-prototypes
	-Wnull-dereference
	-Wold-style-definition
	-Wpointer-arith
	-Wredundant-decls
	-Wshadow
	-Wsign-conversion
	-Wstrict-prototypes
	-Wswitch-enum
	-Wundef
	-Wvla
	-Wwrite-strings
	$<$<C_COMPILER_ID:GNU>:-Wduplicated-branches>
	$<$<C_COMPILER_ID:GNU>:-Wduplicated-cond>
	$<$<C_COMPILER_ID:GNU>:-Wjump-misses-init>
	$<$<C_COMPILER_ID:GNU>:-Wlogical-op>
	$<$<C_COMPILER_ID:Clang>:-Wcomma>
	$<$<C_COMPILER_ID:Clang>:-Wmissing-variable-declarations>
	$<$<C_COMPILER_ID:Clang>:-Wshorten-64-to-32>
	$<$<C_COMPILER_ID:Clang>:-Wunreachable-code>)

# Instrumented code needs more stack than the code that we wrote.
if(NOT HOTSWITCH_SANITIZE AND NOT HOTSWITCH_COVERAGE)
	target_compile_options(hotswitch_warnings INTERFACE
		$<$<C_COMPILER_ID:GNU>:-Wstack-usage=8192>)
endif()
