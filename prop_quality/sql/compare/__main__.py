"""The process of `compare_views`: a job as JSON on standard input, a line of JSON for each comparison."""

import json
import sys

from prop_quality.sql.compare.process import serve

for line in serve(json.load(sys.stdin)):
    print(line, flush=True)
