"""The process of a comparison: a job as JSON on standard input, a line of JSON for each comparison."""

import sys

from prop_quality.sql.compare.process import serve

for line in serve(sys.stdin.read):
    print(line, flush=True)
