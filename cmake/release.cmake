# Modules of our own build: as those of others (module.cmake), with our warnings
# and instruments.

# What a module is compiled with, wherever that is done.
add_library(hotswitch_module INTERFACE)
add_library(hotswitch::module ALIAS hotswitch_module)
set_target_properties(hotswitch_module PROPERTIES EXPORT_NAME module)
target_include_directories(hotswitch_module INTERFACE
	$<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>
	$<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/hotswitch>)
target_link_libraries(hotswitch_module INTERFACE hotswitch_hardening)
set_target_properties(hotswitch_hardening PROPERTIES EXPORT_NAME hardening)

# hotswitch_add_own_module(NAME VERSION SOURCES...)
function(hotswitch_add_own_module name version)
	hotswitch_add_module(${name} ${version} ${ARGN})
	string(REPLACE / - target ${name}-${version})
	target_link_libraries(${target} PRIVATE hotswitch_warnings)
	# The faults of a faulty release are for the switch to see.
	if(NOT version MATCHES "^faulty/")
		target_link_libraries(${target} PRIVATE hotswitch_instruments)
	endif()
endfunction()

# hotswitch_add_release(NAME VERSION SOURCES...)
# A module that comes with the program and is installed beside it.
function(hotswitch_add_release name version)
	hotswitch_add_own_module(${name} ${version} ${ARGN})
	string(REPLACE / - target ${name}-${version})
	install(TARGETS ${target}
		DESTINATION ${CMAKE_INSTALL_LIBDIR}/hotswitch/${version})
	set_property(GLOBAL APPEND PROPERTY HOTSWITCH_MODULES ${target})
endfunction()
