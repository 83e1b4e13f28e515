%% bench: the measures of tests/bench/main.c, done in Erlang.
%%
%% Run as `erl ... -run bench main MEASURES CALLS`.  Two pools and two
%% drivers, like the lanes there; each driver has the calls of its pool.  The
%% order of events is that of meter_next(); that all is done is known from a
%% counter.  Prints lines `NAME VALUE VALUE-BY-CPU`.
-module(bench).

-export([main/1]).

-define(LANES, 2).

main([Measures, Calls]) ->
    run(Measures, list_to_integer(Calls)),
    halt(0).

run("million", Calls) ->
    Pools = pools(toy),
    Before = resident(),
    Handled = counters:new(1, [write_concurrency]),
    N = Calls div ?LANES,
    {Started, Span} =
        timed(fun() ->
                  on_lanes(Pools, fun(P) -> start_calls(P, N, Handled) end)
              end),
    rate("starts", Calls, Span),
    value("toy-memory", (resident() - Before) / Calls),
    on_lanes(Started, fun hang_up/1),
    await(Handled, Calls),
    [await_empty(Pool) || Pool <- Pools],
    {Again, AgainSpan} =
        timed(fun() ->
                  on_lanes(Pools, fun(P) -> start_calls(P, N, Handled) end)
              end),
    rate("starts-again", Calls, AgainSpan),
    Lanes = [shuffle(list_to_tuple(Pids)) || Pids <- Again],
    on_lanes(Lanes, fun talk/1),
    await(Handled, 3 * Calls),
    tick_all(Lanes, Handled, 4 * Calls),
    Rounds = 3,
    {ok, Ticks} =
        timed(fun() ->
                  on_lanes(Lanes, fun(P) -> tick(P, Rounds) end),
                  await(Handled, (4 + Rounds) * Calls)
              end),
    rate("events", Rounds * Calls, Ticks),
    %% To the calls of the other's pool.
    {ok, Across} =
        timed(fun() ->
                  on_lanes(lists:reverse(Lanes), fun(P) -> tick(P, Rounds) end),
                  await(Handled, (4 + 2 * Rounds) * Calls)
              end),
    rate("events-across", Rounds * Calls, Across);
run("memory", Calls) ->
    Pools = pools(office_call),
    Before = resident(),
    Handled = counters:new(1, []),
    N = Calls div ?LANES,
    on_lanes(Pools, fun(P) -> start_and_talk(P, 0, N, Handled) end),
    %% A call behind all their casts, so that they have been handled.
    timer:sleep(2000),
    value("memory", (resident() - Before) / Calls);
run("calls", Calls) ->
    Pools = pools(toy),
    Handled = counters:new(1, [write_concurrency]),
    N = Calls div ?LANES,
    {ok, Span} =
        timed(fun() ->
                  on_lanes(Pools, fun(P) -> whole_calls(P, 0, N, Handled) end),
                  await(Handled, 4 * Calls),
                  [await_empty(Pool) || Pool <- Pools],
                  ok
              end),
    rate("calls", Calls, Span);
run("upgrade", Calls) ->
    {_Handled, Lanes} = talking(Calls),
    To = release(),
    All = lists:append(Lanes),
    {_, Span} = timed(fun() -> upgrading:run(All, To, false) end),
    rate("upgrade", Calls, Span);
run("pause", Calls) ->
    {_Handled, Lanes} = talking(Calls),
    To = release(),
    Told = atomics:new(1, []),
    Waiting = asking([shuffle(list_to_tuple(Lane)) || Lane <- Lanes], Told),
    Begun = erlang:monotonic_time(millisecond),
    Pauses = upgrading:run(lists:append(Lanes), To, true),
    Took = erlang:monotonic_time(millisecond) - Begun,
    quantiles("wait", lists:append(answers(Waiting, Told))),
    value("pause", lists:max(Pauses)),
    value("pause-wall", quantile(lists:sort(Pauses), 0.9999)),
    atomics:put(Told, 1, 0),
    Control = asking([shuffle(list_to_tuple(Lane)) || Lane <- Lanes], Told),
    timer:sleep(Took),
    quantiles("wait-without", lists:append(answers(Control, Told)));
run("fault", Calls) ->
    faults("fault", Calls);
run("fault-quiet", Calls) ->
    logger:set_primary_config(level, none),
    faults("fault-quiet", Calls).

pools(Module) ->
    [begin {ok, Pool} = pool:start_link(Module), Pool end
     || _ <- lists:seq(1, ?LANES)].

%% As many calls, all of them active; those of each lane.
talking(Calls) ->
    Handled = counters:new(1, [write_concurrency]),
    N = Calls div ?LANES,
    Lanes = on_lanes(pools(toy), fun(P) -> start_calls(P, N, Handled) end),
    on_lanes(Lanes, fun talk/1),
    await(Handled, 2 * Calls),
    {Handled, Lanes}.

%% The file of release 2.0 of the toy stands beside.
release() ->
    filename:join([filename:dirname(code:which(?MODULE)), "2.0", "toy.beam"]).

asking(Lanes, Told) ->
    [element(2, spawn_monitor(fun() ->
                                  exit({done, upgrading:inquire(Lane, Told)})
                              end))
     || Lane <- Lanes].

answers(Asking, Told) ->
    atomics:put(Told, 1, 1),
    [receive {'DOWN', Ref, process, _, {done, Waits}} -> Waits end
     || Ref <- Asking].

quantiles(Name, Samples) ->
    Sorted = lists:sort(Samples),
    value(Name, quantile(Sorted, 0.9999)),
    value(Name ++ "-max", lists:last(Sorted)).

quantile(Sorted, Share) ->
    lists:nth(max(1, ceil(Share * length(Sorted))), Sorted).

%% Each lane's work in a process of its own; their results.
on_lanes(Lanes, Work) ->
    Refs = [element(2, spawn_monitor(fun() -> exit({done, Work(Lane)}) end))
            || Lane <- Lanes],
    [receive {'DOWN', Ref, process, _, {done, Result}} -> Result end
     || Ref <- Refs].

start_calls(Pool, N, Handled) ->
    start_calls(Pool, 0, N, Handled, []).

start_calls(_Pool, N, N, _Handled, Pids) ->
    lists:reverse(Pids);
start_calls(Pool, I, N, Handled, Pids) ->
    start_calls(Pool, I + 1, N, Handled, [start_call(Pool, I, N, Handled) | Pids]).

start_call(Pool, I, N, Handled) ->
    Start = {I, I, I, N + I, <<"3000000">>, Handled},
    {ok, Pid} = supervisor:start_child(Pool, [Start]),
    Pid.

start_and_talk(_Pool, N, N, _Handled) ->
    ok;
start_and_talk(Pool, I, N, Handled) ->
    Pid = start_call(Pool, I, N, Handled),
    gen_statem:cast(Pid, {alerting, 1}),
    gen_statem:cast(Pid, {answer, 2}),
    start_and_talk(Pool, I + 1, N, Handled).

whole_calls(_Pool, N, N, _Handled) ->
    ok;
whole_calls(Pool, I, N, Handled) ->
    Pid = start_call(Pool, I, N, Handled),
    gen_statem:cast(Pid, {alerting, I}),
    gen_statem:cast(Pid, {answer, I}),
    gen_statem:cast(Pid, {tick, I, 1}),
    gen_statem:cast(Pid, hangup),
    whole_calls(Pool, I + 1, N, Handled).

talk(Pids) ->
    [begin
         gen_statem:cast(Pid, {alerting, 1}),
         gen_statem:cast(Pid, {answer, 2})
     end || Pid <- Pids],
    ok.

hang_up(Pids) ->
    [gen_statem:cast(Pid, hangup) || Pid <- Pids],
    ok.

tick_all(Lanes, Handled, Total) ->
    on_lanes(Lanes, fun(Pids) -> tick(Pids, 1) end),
    await(Handled, Total).

tick(_Pids, 0) ->
    ok;
tick(Pids, Rounds) ->
    tick_each(Pids, 0),
    tick(Pids, Rounds - 1).

tick_each([], _) ->
    ok;
tick_each([Pid | Pids], I) ->
    gen_statem:cast(Pid, {tick, I, 1}),
    tick_each(Pids, I + 1).

%% The order of meter_next().
shuffle(Pids) ->
    Count = tuple_size(Pids),
    shuffle(Pids, Count, mask(1, Count) - 1, 0, []).

mask(Power, Count) when Power >= Count -> Power;
mask(Power, Count) -> mask(Power * 2, Count).

shuffle(Pids, Count, Mask, Index, Order) ->
    More = [element(Index + 1, Pids) | Order],
    case next(Index, Count, Mask) of
        0 -> lists:reverse(More);
        Next -> shuffle(Pids, Count, Mask, Next, More)
    end.

next(Index, Count, Mask) ->
    case (Index * 1664525 + 1013904223) band Mask of
        Next when Next < Count -> Next;
        Next -> next(Next, Count, Mask)
    end.

await(Handled, Total) ->
    case counters:get(Handled, 1) of
        Total -> ok;
        N when N < Total -> timer:sleep(1), await(Handled, Total)
    end.

await_empty(Pool) ->
    case proplists:get_value(active, supervisor:count_children(Pool)) of
        0 -> ok;
        _ -> timer:sleep(1), await_empty(Pool)
    end.

%% One after another: a call faults while another has mail.
faults(Name, Calls) ->
    [Pool, Other] = pools(toy),
    Handled = counters:new(1, []),
    Victims = start_calls(Pool, Calls, Handled),
    [Next] = start_calls(Other, 1, Handled),
    {Served, Down} = lists:unzip([fault(Victim, Next) || Victim <- Victims]),
    value(Name, lists:nth(Calls div 2 + 1, lists:sort(Served))),
    value(Name ++ "-down", lists:nth(Calls div 2 + 1, lists:sort(Down))).

fault(Victim, Next) ->
    Times = atomics:new(2, []),
    Monitor = monitor(process, Victim),
    gen_statem:cast(Victim, {crash, Times}),
    gen_statem:cast(Next, {probe, Times, self()}),
    receive {'DOWN', Monitor, process, _, _} -> ok end,
    Down = erlang:monotonic_time(nanosecond),
    receive done -> ok end,
    %% The logger drops what comes in bursts of over 500 a second, and has
    %% less to do then.
    timer:sleep(3),
    Faulted = atomics:get(Times, 1),
    {atomics:get(Times, 2) - Faulted, Down - Faulted}.

%% Garbage of those who started them is not memory of calls.
resident() ->
    [erlang:garbage_collect(P) || P <- [self(), whereis(code_server)]],
    {ok, Text} = file:read_file("/proc/self/smaps_rollup"),
    {match, [Kib]} = re:run(Text, "Rss:\\s+(\\d+) kB",
                            [{capture, all_but_first, binary}]),
    binary_to_integer(Kib) * 1024.

timed(Work) ->
    {Cpu, _} = statistics(runtime),
    Wall = erlang:monotonic_time(microsecond),
    Result = Work(),
    {Done, _} = statistics(runtime),
    {result(Result),
     {erlang:monotonic_time(microsecond) - Wall, (Done - Cpu) * 1000}}.

result(Result) -> Result.

rate(Name, Count, {Wall, Cpu}) ->
    io:format("~s ~.6g ~.6g~n",
              [Name, Count * 1.0e6 / Wall, Count * ?LANES * 1.0e6 / Cpu]).

value(Name, Value) ->
    io:format("~s ~.6g ~.6g~n", [Name, Value * 1.0, Value * 1.0]).
