# hotswitch_add_layer(NAME SOURCES...)
# The objects of one layer, as hotswitch_NAME.  Not an archive: that would drop
# the verbs that only modules use.
function(hotswitch_add_layer name)
	add_library(hotswitch_${name} OBJECT ${ARGN})
	target_link_libraries(hotswitch_${name}
		PUBLIC
			hotswitch_warnings
			hotswitch_hardening
			hotswitch_instruments
			Threads::Threads)
endfunction()
