%% upgrading: what OTP's release_handler does to change a module, timed.
%%
%% Its instructions for `{update, toy, {advanced, []}}` are: suspend every
%% process that runs the module, load the new code, sys:change_code/4 to each,
%% resume each; one after another, from one process, as release_handler_1 does.
%% What it does besides (reading files of the release, finding the processes in
%% the tree of supervisors, purging what is old) is left out, to its favour.
%%
%% Under traffic each driver asks calls as tests/bench/inquiry.c does, but looks
%% at the clock once a ms only: one that never rests would keep a scheduler to
%% itself, and all the rest would take twenty times as long.
-module(upgrading).

-export([run/3, inquire/2]).

-define(INQUIRIES_PER_S, 50000).

%% Each call's wait from its suspension to its resumption, in ns, if `Traffic`.
run(Calls, To, Keep) ->
    Suspended = [suspend(Call, Keep) || Call <- Calls],
    {ok, Beam} = file:read_file(To),
    {module, toy} = code:load_binary(toy, To, Beam),
    [ok = sys:change_code(Call, toy, "1.0", [], infinity) || Call <- Calls],
    resume(Calls, Suspended, []).

suspend(Call, Keep) ->
    At = case Keep of
             true -> erlang:monotonic_time(nanosecond);
             false -> 0
         end,
    ok = sys:suspend(Call, infinity),
    At.

resume([], [], Pauses) ->
    Pauses;
resume([Call | Calls], [0 | Suspended], Pauses) ->
    ok = sys:resume(Call, infinity),
    resume(Calls, Suspended, Pauses);
resume([Call | Calls], [At | Suspended], Pauses) ->
    ok = sys:resume(Call, infinity),
    Pause = erlang:monotonic_time(nanosecond) - At,
    resume(Calls, Suspended, [Pause | Pauses]).

%% Asks the calls, again and again, until it is told; all waits, in ns.
inquire(Calls, Told) ->
    Begun = erlang:monotonic_time(nanosecond),
    inquire(Calls, Calls, Told, Begun, 0, []).

inquire(All, Calls, Told, Begun, Asked, Waits) ->
    More = answers(1, Waits),
    case atomics:get(Told, 1) of
        1 ->
            await(Asked - length(More), More);
        0 ->
            Now = erlang:monotonic_time(nanosecond),
            Due = (Now - Begun) * ?INQUIRIES_PER_S div 1000000000,
            Left = ask(All, Calls, Begun, Asked, Due),
            inquire(All, Left, Told, Begun, max(Asked, Due), More)
    end.

%% What has come, or comes within so many ms.
answers(Timeout, Waits) ->
    receive
        {answered, At} ->
            answers(0, [erlang:monotonic_time(nanosecond) - At | Waits])
    after Timeout ->
        Waits
    end.

await(0, Waits) ->
    Waits;
await(Left, Waits) ->
    receive
        {answered, At} ->
            await(Left - 1, [erlang:monotonic_time(nanosecond) - At | Waits])
    end.

%% Those whose time has come since.
ask(_All, Calls, _Begun, Asked, Due) when Asked >= Due ->
    Calls;
ask(All, [], Begun, Asked, Due) ->
    ask(All, All, Begun, Asked, Due);
ask(All, [Call | Calls], Begun, Asked, Due) ->
    At = Begun + Asked * 1000000000 div ?INQUIRIES_PER_S,
    gen_statem:cast(Call, {ask, At, self()}),
    ask(All, Calls, Begun, Asked + 1, Due).
