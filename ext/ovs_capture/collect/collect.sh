#!/bin/sh
# Writes what this host's network tools print into a directory that ovs-capture reads.
#
#     sh collect.sh [DIRECTORY]        DIRECTORY: new or empty; by default the host's name
#
# It only asks; it changes nothing and installs nothing. It needs a POSIX shell and the usual small
# programs, and runs the tools that it finds. As root it sees more: without, it goes on and says in
# DIRECTORY/collect.log what it could not read. One file a command: "$ COMMAND", then its standard
# output; standard error goes to the log. The files can be read by their owner only.
#
# Two limits of time that are not part of what the files say: each command is run under "timeout"
# where there is one, and each tool of Open vSwitch and OVN gets --timeout.

umask 077
LC_ALL=C
export LC_ALL
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
export PATH
SECONDS_EACH=${OVS_CAPTURE_SECONDS:-30}

has() { command -v "$1" >/dev/null 2>&1; }

directory=${1-}
if [ -z "$directory" ]; then
    directory=$(hostname 2>/dev/null || uname -n)
    directory=${directory%%.*}
fi
case $directory in
-*) directory=./$directory ;;
esac
if [ -e "$directory" ] && [ -n "$(ls -A "$directory" 2>&1)" ]; then
    echo "collect: $directory is there and not empty" >&2
    exit 2
fi
mkdir -p "$directory" || exit 2
log=$directory/collect.log
error=$directory/.error
work=$directory/.work
: >"$log" || exit 2
count=0
trap 'rm -f "$error" "$work" "$work".*' EXIT
trap 'exit 130' INT TERM HUP

limited=
# busybox once wrote "timeout -t 30 COMMAND"; where the usual form fails there is no limit.
if has timeout && timeout 5 true >/dev/null 2>&1; then
    limited=yes
fi

say() { printf '%s\n' "$*" >>"$log"; }

# The words of a command as a person would type them.
typed() {
    line=
    for word in "$@"; do
        case $word in
        '' | *[!A-Za-z0-9_./:=,@%+-]*)
            word=\'$(printf '%s' "$word" | sed "s/'/'\\\\''/g")\'
            ;;
        esac
        line=${line:+$line }$word
    done
    printf '%s' "$line"
}

# run COMMAND...: run it within the limits of time, with nothing to read.
run() {
    case $1 in
    ovs-vsctl | ovs-ofctl | ovs-appctl | ovn-nbctl | ovn-sbctl)
        tool=$1
        shift
        set -- "$tool" "--timeout=$SECONDS_EACH" "$@"
        ;;
    esac
    if [ -n "$limited" ]; then
        timeout "$SECONDS_EACH" "$@" </dev/null
    else
        "$@" </dev/null
    fi
}

# A name that every file system takes, which no other capture has, whatever letters it holds.
file_for() {
    base=$(printf '%s' "$1" | tr 'ABCDEFGHIJKLMNOPQRSTUVWXYZ' 'abcdefghijklmnopqrstuvwxyz' |
        sed -e 's/[^a-z0-9.-]/_/g' -e 's/__*/_/g' | cut -c 1-100 | sed 's/[_.]*$//')
    file=$directory/$base.txt
    number=2
    while [ -e "$file" ]; do
        file=$directory/$base-$number.txt
        number=$((number + 1))
    done
}

# keep LINE STATUS: what $work holds becomes the capture of LINE, unless it holds nothing.
keep() {
    if [ -s "$work" ]; then
        file_for "$1"
        # A pre-shared key of a tunnel is nobody's to see; all else stays as it was printed.
        {
            printf '$ %s\n' "$1"
            sed -e 's/\(psk"\{0,1\}[:=] *\)"[^"]*"/\1"***"/g' \
                -e 's/\(psk"\{0,1\}[:=] *\)[^",} ][^,} ]*/\1***/g' "$work"
        } >"$file"
        count=$((count + 1))
    fi
    if [ "$2" -ne 0 ] || [ -s "$error" ]; then
        say "$1: exit status $2"
        sed 's/^/    /' "$error" >>"$log"
    fi
    rm -f "$work" "$error"
}

# capture COMMAND...: its output as a file. The status is the command's own.
capture() {
    run "$@" >"$work" 2>"$error"
    status=$?
    keep "$(typed "$@")" "$status"
    return "$status"
}

# works COMMAND...: does it? For forms that some versions of a tool do not know.
works() { run "$@" >/dev/null 2>&1; }

# Lines that "$@" prints, in $work.NAME; nothing where it fails.
lines_of() {
    name=$1
    shift
    run "$@" >"$work.$name" 2>/dev/null || : >"$work.$name"
}

# network [ip netns exec NAME]: devices, addresses, routes and rules of a namespace.
network() {
    if has ip; then
        # busybox's ip knows neither -d nor all of the objects.
        if works "$@" ip -d link show; then
            capture "$@" ip -d link show
        else
            capture "$@" ip link
        fi
        capture "$@" ip addr show
        capture "$@" ip route show
        works "$@" ip -6 route show && capture "$@" ip -6 route show
        works "$@" ip rule show && capture "$@" ip rule show
        capture "$@" ip neigh show
    fi
    if has iptables-save; then
        capture "$@" iptables-save
    fi
}

say "collect: $(date -u '+%Y-%m-%dT%H:%M:%SZ'), uid $(id -u)"
[ "$(id -u)" -eq 0 ] || say "not root: what only root may read is missing"
[ -n "$limited" ] || say "no timeout: a command that hangs has to be ended by hand"

# Devices of the host, and of each of its namespaces.

network
if has bridge; then
    capture bridge -d link show
    capture bridge fdb show
    capture bridge vlan show
elif has brctl; then
    capture brctl show
    lines_of linuxbridges brctl show
    # A line that is not indented begins a bridge, but for the headings.
    sed -n -e 1d -e 's/^\([^[:space:]][^[:space:]]*\).*/\1/p' "$work.linuxbridges" >"$work.names"
    while IFS= read -r bridge; do
        capture brctl showmacs "$bridge"
    done <"$work.names"
fi
has hostnamectl && capture hostnamectl status
has nmcli && works nmcli device show && capture nmcli device show
has ss && capture ss -tulnp
if has ip && works ip netns list; then
    capture ip netns list
    lines_of namespaces ip netns list
    while read -r namespace _; do
        if works ip netns exec "$namespace" true; then
            network ip netns exec "$namespace"
        else
            say "namespace $namespace: cannot enter it"
        fi
    done <"$work.namespaces"
fi

# Open vSwitch.

if has ovs-vsctl; then
    if works ovs-vsctl show; then
        capture ovs-vsctl show
        for table in Bridge Port Interface; do
            capture ovs-vsctl list "$table"
        done
        lines_of bridges ovs-vsctl list-br
    else
        capture ovs-vsctl show
        : >"$work.bridges"
    fi
    while IFS= read -r bridge; do
        has ovs-ofctl || break
        # The highest version that the bridge speaks: below OpenFlow 1.3 ovs-ofctl leaves out
        # meters and instructions without a word.
        version=
        for candidate in OpenFlow15 OpenFlow14 OpenFlow13; do
            if works ovs-ofctl -O "$candidate" show "$bridge"; then
                version=$candidate
                break
            fi
        done
        # Into a file, ports are numbers unless --names asks for their names (since 2.8).
        names=
        works ovs-ofctl --names --version && names=--names
        set -- ${version:+-O "$version"}
        capture ovs-ofctl "$@" show "$bridge"
        [ "$version" = "" ] || capture ovs-ofctl "$@" dump-ports-desc "$bridge"
        capture ovs-ofctl "$@" ${names:+"$names"} dump-flows "$bridge"
        capture ovs-ofctl "$@" ${names:+"$names"} dump-ports "$bridge"
        capture ovs-ofctl "$@" dump-tables "$bridge"
        if [ -n "$version" ]; then
            capture ovs-ofctl "$@" ${names:+"$names"} dump-groups "$bridge"
            capture ovs-ofctl "$@" dump-group-stats "$bridge"
            capture ovs-ofctl "$@" dump-meters "$bridge"
        fi
        if has ovs-appctl; then
            capture ovs-appctl fdb/show "$bridge"
            works ovs-appctl dpif/show-dp-features "$bridge" &&
                capture ovs-appctl dpif/show-dp-features "$bridge"
        fi
    done <"$work.bridges"
fi
if has ovs-appctl; then
    if works ovs-appctl dpif/show; then
        capture ovs-appctl dpif/show
        # Routes and neighbours of ovs-vswitchd's own tunnels; tnl/arp/show before 2.6.
        works ovs-appctl ovs/route/show && capture ovs-appctl ovs/route/show
        if works ovs-appctl tnl/neigh/show; then
            capture ovs-appctl tnl/neigh/show
        elif works ovs-appctl tnl/arp/show; then
            capture ovs-appctl tnl/arp/show
        fi
        # Prints nothing where no port is a bond.
        lines_of bonds ovs-appctl bond/show
        [ ! -s "$work.bonds" ] || capture ovs-appctl bond/show
    fi
    if capture ovs-appctl dpctl/show; then
        capture ovs-appctl dpctl/dump-flows
        capture ovs-appctl ofproto/list-tunnels
    elif has ovs-dpctl; then
        capture ovs-dpctl show
        capture ovs-dpctl dump-flows
    fi
fi

# Which connection tracking zone of ovn-controller is whose.
if has ovn-appctl && works ovn-appctl -t ovn-controller ct-zone-list; then
    capture ovn-appctl -t ovn-controller ct-zone-list
fi

# OVN, where its databases answer. Any member of a cluster may: --no-leader-only.

# rows PROGRAM OPTION TABLE...: the rows of the tables that this version has.
rows() {
    program=$1
    option=$2
    shift 2
    for table in "$@"; do
        works "$program" ${option:+"$option"} list "$table" && capture "$program" ${option:+"$option"} list "$table"
    done
}

for program in ovn-nbctl ovn-sbctl; do
    has "$program" || continue
    option=--no-leader-only
    works "$program" ${option:+"$option"} show || option=
    if ! works "$program" ${option:+"$option"} show; then
        say "$program: no database answers"
        run "$program" show 2>&1 >/dev/null | sed 's/^/    /' >>"$log"
        continue
    fi
    capture "$program" ${option:+"$option"} show
    if [ "$program" = ovn-nbctl ]; then
        rows ovn-nbctl "$option" Logical_Switch Logical_Switch_Port Logical_Router \
            Logical_Router_Port Logical_Router_Static_Route Logical_Router_Policy NAT ACL \
            Port_Group Address_Set Load_Balancer DHCP_Options DNS QoS Gateway_Chassis \
            HA_Chassis_Group
        capture ovn-nbctl ${option:+"$option"} lb-list
        works ovn-nbctl ${option:+"$option"} meter-list &&
            capture ovn-nbctl ${option:+"$option"} meter-list
        lines_of routers ovn-nbctl ${option:+"$option"} --bare --columns=name list Logical_Router
        while IFS= read -r router; do
            [ -n "$router" ] || continue
            capture ovn-nbctl ${option:+"$option"} lr-nat-list "$router"
            capture ovn-nbctl ${option:+"$option"} lr-route-list "$router"
        done <"$work.routers"
        lines_of switches ovn-nbctl ${option:+"$option"} --bare --columns=name list Logical_Switch
        while IFS= read -r switch; do
            [ -n "$switch" ] || continue
            capture ovn-nbctl ${option:+"$option"} acl-list "$switch"
        done <"$work.switches"
    else
        rows ovn-sbctl "$option" Chassis Encap Datapath_Binding Port_Binding Multicast_Group \
            MAC_Binding Load_Balancer SB_Global
        capture ovn-sbctl ${option:+"$option"} --uuid lflow-list
    fi
done

# Guests. Without --security-info a domain's XML holds no password.

if has virsh; then
    if works virsh -r list --all; then
        capture virsh -r list --all
        lines_of domains virsh -r list --all --name
        while IFS= read -r domain; do
            [ -n "$domain" ] || continue
            capture virsh -r dumpxml "$domain"
        done <"$work.domains"
    else
        capture virsh -r list --all
    fi
fi

# dnsmasq: its processes tell where their files are.

if has ps; then
    # Only these lines: a command line can hold anything.
    run ps -ef 2>"$error" | grep '[d]nsmasq ' >"$work"
    sed -n 's/.*--dhcp-hostsfile=\([^ ]*\)\/host\( .*\)\{0,1\}$/\1/p' "$work" | sort -u \
        >"$work.dnsmasq"
    keep "ps -ef | grep '[d]nsmasq '" 0
    for folder in /var/lib/neutron/dhcp/* /opt/stack/data/neutron/dhcp/*; do
        [ -d "$folder" ] && printf '%s\n' "$folder" >>"$work.dnsmasq"
    done
    sort -u "$work.dnsmasq" >"$work.folders"
    while IFS= read -r folder; do
        for name in leases host addn_hosts opts interface; do
            [ -f "$folder/$name" ] && capture cat "$folder/$name"
        done
    done <"$work.folders"
fi

# Proxies of the metadata service, as Neutron's agents set them up.

for file in /var/lib/neutron/ns-metadata-proxy/*.conf /var/lib/neutron/ovn-metadata-proxy/*.conf; do
    [ -f "$file" ] && capture cat "$file"
done

notes=$(grep -c '^[^ ].*: exit status [1-9]\|: cannot enter it$\|: no database answers$' "$log")
echo "collect: $count captures in $directory; $notes notes in $log" >&2
[ "$count" -gt 0 ]
