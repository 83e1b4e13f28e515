%% office_call: a call with the fields of release 1.0, for its memory.
%%
%% It holds what calls/1.0/call.c declares; what lines and circuits it would
%% own is left out, to its favour.
-module(office_call).
-behaviour(gen_statem).

-export([start_link/1, init/1, callback_mode/0, terminate/3]).
-export([presented/3, alerting/3, active/3]).

-record(call, {call, t_dialled = 0, t_alert = 0, t_answer = 0,
               t_release = 0, line_a, line_b, called, overdial = 0, serial = 0,
               timer = none, tone_a = none, tone_b = none, parties = 0,
               setups = 0, cause = 0, local_reason = none,
               release_side = none}).

start_link(Start) ->
    gen_statem:start_link(?MODULE, Start, []).

callback_mode() ->
    state_functions.

init({Call, At, LineA, LineB, Called, _Handled}) ->
    {ok, presented, #call{call = Call, t_dialled = At,
                          line_a = LineA, line_b = LineB, called = Called,
                          parties = 3, setups = 1}}.

presented(cast, {alerting, At}, Call) ->
    {next_state, alerting, Call#call{t_alert = At, tone_a = ringback},
     {state_timeout, 180000, t301}}.

alerting(cast, {answer, At}, Call) ->
    {next_state, active, Call#call{t_answer = At, tone_a = speech,
                                   tone_b = speech}}.

active(_EventType, _Event, _Call) ->
    keep_state_and_data.

terminate(_Reason, _State, _Call) ->
    ok.
