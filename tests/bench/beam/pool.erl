%% pool: a supervisor whose children are calls, as a pool is to hotswitch.
-module(pool).
-behaviour(supervisor).

-export([start_link/1, init/1]).

start_link(Module) ->
    supervisor:start_link(?MODULE, Module).

init(Module) ->
    {ok, {#{strategy => simple_one_for_one, intensity => 1, period => 5},
          [#{id => call, start => {Module, start_link, []},
             restart => temporary, shutdown => 5000}]}}.
