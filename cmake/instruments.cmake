# What compilers add to our code.  hotswitch_hardening: protection, in every
# build.  hotswitch_instruments: what measures or checks, in some; empty else.
add_library(hotswitch_hardening INTERFACE)
target_compile_options(hotswitch_hardening INTERFACE
	-fstack-protector-strong
	-fstack-clash-protection
	-fcf-protection)
target_link_options(hotswitch_hardening INTERFACE -Wl,-z,relro,-z,now)
# Debian 12's valgrind does not read what clang writes by itself (DWARF 5).
target_compile_options(hotswitch_hardening INTERFACE
	$<$<C_COMPILER_ID:Clang>:-gdwarf-4>)

add_library(hotswitch_instruments INTERFACE)
if(HOTSWITCH_SANITIZE)
	set(instruments -fsanitize=${HOTSWITCH_SANITIZE})
	# Which branches an input has taken; how deep the stack is would be a
	# variable of each thread, which no module may have.
	if(HOTSWITCH_FUZZ)
		list(APPEND instruments -fsanitize=fuzzer-no-link
			-fno-sanitize-coverage=stack-depth)
	endif()
	target_compile_options(hotswitch_instruments INTERFACE
		-fno-sanitize-recover=all
		-fno-omit-frame-pointer)
else()
	# Not beside a sanitizer, which watches the plain functions.
	target_compile_options(hotswitch_hardening INTERFACE
		$<$<CONFIG:Release>:-U_FORTIFY_SOURCE>
		$<$<CONFIG:Release>:-D_FORTIFY_SOURCE=3>)
endif()
if(HOTSWITCH_COVERAGE)
	list(APPEND instruments --coverage)
endif()
# The loader lets a module have what they add (upgrade/elf_*.c).
if(instruments)
	target_compile_definitions(hotswitch_instruments INTERFACE
		HOTSWITCH_INSTRUMENTED)
endif()
target_compile_options(hotswitch_instruments INTERFACE ${instruments})
target_link_options(hotswitch_instruments INTERFACE ${instruments})
