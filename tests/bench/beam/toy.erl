%% toy: the same call as tests/bench/toy.c, as a gen_statem.
%%
%% The same states, fields and events.  Each event brings its time along, so
%% that no clock is measured.  `handled` is how the benchmark knows that all
%% events have been handled.  With RELEASE it is release 2.0, which makes of a
%% call's data what release 2.0 of toy.c makes of its state.
-module(toy).
-behaviour(gen_statem).

-export([start_link/1, init/1, callback_mode/0, terminate/3, code_change/4]).
-export([presented/3, alerting/3, active/3]).

-ifndef(RELEASE).
-vsn("1.0").
-define(CALLED, called).
-record(call, {call, t_seize, t_alert = 0, t_answer = 0, t_last = 0,
               line_a, line_b, pulses = 0, called, handled}).

code_change(_Vsn, State, Call, _Extra) ->
    {ok, State, Call}.
-else.
-vsn("2.0").
-define(CALLED, called_dialled).
-define(MICRO_UNITS, 100000).
-record(call, {call, t_seize, t_alert = 0, t_answer = 0, t_last = 0,
               pulses = 0, charge = 0, line_a, line_b, forwarded_to = none,
               called_dialled, handled}).

code_change("1.0", State, {call, Call, Seize, Alert, Answer, Last, LineA,
                           LineB, Pulses, Called, Handled}, _Extra) ->
    {ok, State, #call{call = Call, t_seize = Seize, t_alert = Alert,
                      t_answer = Answer, t_last = Last, pulses = Pulses,
                      charge = Pulses * ?MICRO_UNITS, line_a = LineA,
                      line_b = LineB, called_dialled = Called,
                      handled = Handled}}.
-endif.

start_link(Start) ->
    gen_statem:start_link(?MODULE, Start, []).

callback_mode() ->
    state_functions.

init({Call, At, LineA, LineB, Called, Handled}) ->
    {ok, presented, #call{call = Call, t_seize = At, line_a = LineA,
                          line_b = LineB, ?CALLED = Called,
                          handled = Handled}}.

presented(cast, {alerting, At}, Call) ->
    handled(Call),
    {next_state, alerting, Call#call{t_alert = At}};
presented(EventType, Event, Call) ->
    any_state(EventType, Event, Call).

alerting(cast, {answer, At}, Call) ->
    handled(Call),
    {next_state, active, Call#call{t_answer = At}};
alerting(EventType, Event, Call) ->
    any_state(EventType, Event, Call).

active(cast, {tick, At, Pulses}, Call) ->
    handled(Call),
    {keep_state, Call#call{t_last = At,
                           pulses = Call#call.pulses + Pulses}};
active(EventType, Event, Call) ->
    any_state(EventType, Event, Call).

any_state(cast, hangup, Call) ->
    handled(Call),
    {stop, normal};
any_state(cast, {ask, At, From}, _Call) ->
    From ! {answered, At},
    keep_state_and_data;
any_state(cast, {crash, Times}, _Call) ->
    atomics:put(Times, 1, erlang:monotonic_time(nanosecond)),
    error(crash);
any_state(cast, {probe, Times, From}, _Call) ->
    atomics:put(Times, 2, erlang:monotonic_time(nanosecond)),
    From ! done,
    keep_state_and_data;
any_state(_EventType, _Event, _Call) ->
    keep_state_and_data.

terminate(_Reason, _State, _Call) ->
    ok.

handled(#call{handled = Handled}) ->
    counters:add(Handled, 1, 1).
