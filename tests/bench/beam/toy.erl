%% toy: the same call as tests/bench/toy.c, as a gen_statem.
%%
%% The same states, fields and events.  Each event brings its time along, so
%% that no clock is measured.  `handled` is how the benchmark knows that all
%% events have been handled.
-module(toy).
-behaviour(gen_statem).

-export([start_link/1, init/1, callback_mode/0, terminate/3]).
-export([presented/3, alerting/3, active/3]).

-record(call, {call, t_seize, t_alert = 0, t_answer = 0, t_last = 0,
               line_a, line_b, pulses = 0, called, handled}).

start_link(Start) ->
    gen_statem:start_link(?MODULE, Start, []).

callback_mode() ->
    state_functions.

init({Call, At, LineA, LineB, Called, Handled}) ->
    {ok, presented, #call{call = Call, t_seize = At, line_a = LineA,
                          line_b = LineB, called = Called,
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
