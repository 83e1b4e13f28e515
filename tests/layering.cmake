# cmake -D ROOT=DIR -P layering.cmake
# Layers point downwards (sim to calls and upgrade, both to switch), a loadable
# module sees three headers, and each hazardous library has one place.  An
# include that breaks this fails the build's lint.

# Who may include which of our own headers; the first row that fits a file.
# The releases of a module share a folder of rows; a faulty one is a sound one,
# spoilt.
set(verbs "^(switch/module|calls/signalling|calls/exchange)[.]h$")
set(rows
	"^switch/"
		"^switch/"
	"^upgrade/"
		"^(switch|upgrade)/"
	"^calls/(call|[0-9.]+)/"
		"${verbs}|^calls/call/|^calls/@OWN@/"
	"^calls/faulty/"
		"${verbs}|^calls/(call|[0-9.]+)/"
	"^calls/"
		"^(switch/|calls/(exchange/|database/|[^/]+$))"
	"^sim/"
		"^(switch/|upgrade/|calls/(exchange/|database/|[^/]+$)|sim/)")

# Where the header of a hazardous library may stand.
set(confined
	"^(event2/.*|event|evutil|evhttp)[.]h$"
		"^(switch/loop[.]c|sim/.*)$"
	"^sqlite3.*[.]h$"
		"^calls/database/"
	"^(dlfcn|link|elf|libelf|gelf)[.]h$"
		"^upgrade/"
	"^(seccomp|linux/seccomp)[.]h$"
		"^upgrade/filter[.]c$"
	"^setjmp[.]h$"
		"^switch/fault[.]c$"
	"^(n?curses|term)[.]h$"
		"^sim/operator/ctl_top[.]c$"
	"^tcl.*[.]h$"
		"^sim/script[a-z_]*[.][ch]$")

function(check_own file header)
	set(left ${rows})
	while(left)
		list(POP_FRONT left who what)
		if(file MATCHES "${who}")
			string(REPLACE "@OWN@" "${CMAKE_MATCH_1}" what "${what}")
			if(NOT header MATCHES "${what}")
				message(SEND_ERROR "${file}: may not see '${header}'")
			endif()
			return()
		endif()
	endwhile()
endfunction()

function(check_confined file header)
	set(left ${confined})
	while(left)
		list(POP_FRONT left what where)
		if(header MATCHES "${what}" AND NOT file MATCHES "${where}")
			message(SEND_ERROR "${file}: '${header}' belongs to ${where}")
		endif()
	endwhile()
endfunction()

file(GLOB_RECURSE files RELATIVE ${ROOT}
	${ROOT}/switch/*.[ch]
	${ROOT}/upgrade/*.[ch]
	${ROOT}/calls/*.[ch]
	${ROOT}/sim/*.[ch])
foreach(file ${files})
	file(STRINGS ${ROOT}/${file} lines REGEX "^[ \t]*#[ \t]*include")
	foreach(line ${lines})
		if(line MATCHES "\"([^\"]+)\"")
			check_own(${file} ${CMAKE_MATCH_1})
			check_confined(${file} ${CMAKE_MATCH_1})
		elseif(line MATCHES "<([^>]+)>")
			set(header ${CMAKE_MATCH_1})
			check_confined(${file} ${header})
			if(EXISTS ${ROOT}/${header})
				message(SEND_ERROR
					"${file}: '${header}' is ours: \"\"")
			endif()
		endif()
	endforeach()
endforeach()
list(LENGTH files count)
message(STATUS "layering: ${count} files looked at")
