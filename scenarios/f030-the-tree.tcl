# Is the switch a tree of processes, of which only the one that fails dies, up to the limit and not before?
seed 30
schedulers 1
module call 1.0
lines 1000-1009
allow restart
allow alarm

# N1, N2: each supervisor and each worker is a process of its own, and so is a call
expect supervisor root running {$children == 4}
call c 1001 1002
answer 1002
foreach {name many} {database 2 calls 1 upgrade 1} {
    expect supervisor $name running {$children == $many}
}
foreach name {recorder measurement exchange release_handler} {
    expect process $name running
}

# N3: who fails is started again, and nobody beside it or above
fault process release_handler kill
expect process release_handler running
expect supervisor upgrade {$restarts == 1}
expect supervisor database {$restarts == 0}
expect supervisor root {$restarts == 0}

# N4: once in five seconds is what a restart is for, and once more after them;
# twice within them is one too many, and its supervisor gives up
advance 6s
fault process release_handler kill
expect alarm restart-limit cleared {$count == 0}
expect supervisor root {$restarts == 0}
advance 4s
fault process release_handler kill
expect alarm restart-limit cleared {$count == 1}
expect supervisor root {$restarts == 1}
expect process release_handler running

# N5: whichever supervisor is killed, the rest is looked after, and so is it
foreach name {database calls upgrade} {
    advance 6s
    fault supervisor $name kill
    expect supervisor $name running -within 1s
    fault process recorder kill
    expect process recorder running -within 1s
}
expect c active {$elapsed_ms > 20000}
expect supervisor calls running {$children == 1}
hangup 1001
hangup 1002
expect cdr c {$cause == 16 && $crashes == 0}
