# shellcheck shell=bash
# Looking at homes of ./run from outside, for the tests in tests/run.

free_port() { node -e 'const s=require("net").createServer().listen(0,"127.0.0.1",()=>{console.log(s.address().port);s.close()})'; }
listening() { (: <>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
answers() { [ "$(curl -sk -o /dev/null -m 5 -w '%{http_code}' "https://localhost:$1/")" = 200 ]; }
pid_of() { cut -d' ' -f1 "$1/run/$2.pid"; }
# Processes whose working folder is the home: every process of the shop starts there.
processes_of() { find /proc/[0-9]*/cwd -maxdepth 0 -lname "$(realpath -m "$1")*" 2>/dev/null | wc -l; }
