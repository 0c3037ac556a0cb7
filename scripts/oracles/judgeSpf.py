"""What pyspf (Debian: python3-spf) says of each case of spfCases.ts. Reads and writes a JSON object a line; asks no network."""
import json
import sys

import spf

zone = {}


def lookup(name, qtype, *_args, **_kwargs):
    records = zone.get(name.lower().rstrip("."), {}).get(qtype, [])
    for value in records:
        if qtype == "TXT":
            yield ((name, qtype), (value.encode(),))
        elif qtype == "MX":
            yield ((name, qtype), (value[0], value[1]))
        elif qtype == "AAAA":
            import ipaddress

            yield ((name, qtype), ipaddress.IPv6Address(value).packed)
        else:
            yield ((name, qtype), value)


spf.DNSLookup = lookup

for line in sys.stdin:
    case = json.loads(line)
    zone = case["zone"]
    query = spf.query(i=case["ip"], s=case["sender"], h=case["helo"], strict=True)
    case["expected"] = query.check()[0]
    print(json.dumps(case, separators=(",", ":")))
