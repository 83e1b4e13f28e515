# find_package(hotswitch): hotswitch_add_module() for modules of one's own.
# They are built into HOTSWITCH_RELEASES, a folder for `hotswitch --modules`.
include(${CMAKE_CURRENT_LIST_DIR}/targets.cmake)
if(NOT HOTSWITCH_RELEASES)
	set(HOTSWITCH_RELEASES ${CMAKE_BINARY_DIR}/releases)
endif()
include(${CMAKE_CURRENT_LIST_DIR}/module.cmake)
