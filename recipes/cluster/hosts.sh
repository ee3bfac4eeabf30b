#!/bin/sh
# Network namespaces as hosts of one machine, each with an address of its own behind a link of a given rate and delay.
#   hosts.sh up COUNT [RATE [DELAY]]    such as: hosts.sh up 4 1gbit 100us
#   hosts.sh down                       ends what runs in them, too
#   hosts.sh exec HOST COMMAND…         in that host, with its own host name
# Needs root, iproute2 and util-linux. Hosts are called rank-host-0 and on, with the addresses 10.77.0.10 and on.
set -eu

NAME=rank-host
BRIDGE=rank-bridge

down() {
  for link in $(ip -o link | grep -o 'rank-link-[0-9]*' | sort -u || true); do ip link del "$link"; done
  for host in $(ip netns list | awk '{print $1}' | grep "^$NAME-" || true); do
    ip netns pids "$host" | xargs -r kill -9 2>/dev/null || true
    ip netns del "$host"
  done
  ip link del $BRIDGE 2>/dev/null || true
}

up() {
  count=$1 rate=${2:-} delay=${3:-}
  down
  ip link add $BRIDGE type bridge
  ip link set $BRIDGE up
  for i in $(seq 0 $((count - 1))); do
    host=$NAME-$i link=rank-link-$i
    ip netns add "$host"
    ip link add "$link" type veth peer name eth0 netns "$host"
    ip link set "$link" master $BRIDGE up
    ip -n "$host" addr add 10.77.0.$((10 + i))/24 dev eth0
    ip -n "$host" link set eth0 up
    ip -n "$host" link set lo up
    # What leaves the host goes at the rate; what comes to it is late by the delay.
    [ -z "$rate" ] || ip netns exec "$host" tc qdisc add dev eth0 root tbf rate "$rate" burst 256k latency 50ms
    [ -z "$delay" ] || tc qdisc add dev "$link" root netem delay "$delay" limit 100000 || {
      echo "this kernel has no netem: leave the delay out" >&2
      exit 1
    }
  done
}

enter() {
  host=$1
  shift
  exec ip netns exec "$host" unshare --uts sh -c 'hostname "$0"; exec sh -c "$*"' "$host" "$@"
}

case "${1:-}" in
up) shift && up "$@" ;;
down) down ;;
exec) shift && enter "$@" ;;
*) sed -n '2,7s/^# \{0,1\}//p' "$0" && exit 2 ;;
esac
