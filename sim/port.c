/* port: see port.h for what it is. */
#include "sim/port.h"

#include <errno.h>

#include "calls/exchange/office_trunk.h"

int
port_answer(struct office *office, uint32_t port, const char **ret_why)
{
	return port_is_circuit(port) ? office_far_signal(office, port,
					   SIGNAL_ANSWER, CAUSE_NONE, ret_why)
				     : office_answer(office, port, ret_why);
}

int
port_reject(
    struct office *office, uint32_t port, uint8_t cause, const char **ret_why)
{
	return port_is_circuit(port)
	    ? office_far_signal(
		  office, port, SIGNAL_RELEASE_COMPLETE, cause, ret_why)
	    : office_reject(office, port, cause, ret_why);
}

int
port_hangup(
    struct office *office, uint32_t port, uint8_t cause, const char **ret_why)
{
	if (port_is_circuit(port))
		return office_far_signal(office, port, SIGNAL_DISCONNECT,
		    cause == CAUSE_NONE ? CAUSE_NORMAL : cause, ret_why);
	if (cause == CAUSE_NONE)
		return office_hangup(office, port, ret_why);
	*ret_why = "a handset is put back without a cause: leave out -cause";
	return -ENOTSUP;
}

int
port_dial(struct office *office, uint32_t port, const char *digits,
    const char **ret_why)
{
	return port_is_circuit(port)
	    ? office_far_dial(office, port, digits, ret_why)
	    : office_dial(office, port, digits, ret_why);
}

enum tone
port_hears(struct office *office, uint32_t port, struct pid call)
{
	struct circuit_info circuit;
	struct line_info line;

	if (port == PORT_NONE)
		return TONE_none;
	if (port_is_circuit(port)) {
		office_circuit_look(office, port, &circuit);
		return pid_equal(circuit.call, call) ? circuit.tone : TONE_none;
	}
	office_line(office, port, &line);
	if (pid_equal(line.call, call))
		return line.call_tone;
	return pid_equal(line.other, call) ? line.other_tone : TONE_none;
}
