# What one would write with Python's smtplib and EmailMessage, a thread for each connection.
# Run: python3 smtplib.py FOLDER LIST PORT CONNECTIONS
import csv, queue, re, smtplib, string, sys, threading
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

folder, path, port, connections = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])


def template(name):
    text = open(f"{folder}/{name}.liquid", encoding="utf-8").read().replace("$", "$$")
    return string.Template(re.sub(r"\{\{-?\s*(\w+).*?\}\}", r"${\1}", text))


subject, html, text = template("subject"), template("html"), template("text")
rows = queue.Queue(maxsize=4 * connections)


def lane():
    with smtplib.SMTP("127.0.0.1", port) as server:
        while (row := rows.get()) is not None:
            number, values = row
            leave = f"https://sender.example/leave?t={number}"
            values["unsubscribe_url"] = leave
            message = EmailMessage()
            message["From"] = "The Garden Letter <letter@sender.example>"
            message["To"] = values["email"]
            message["Subject"] = subject.safe_substitute(values)
            message["Date"] = formatdate()
            message["Message-ID"] = make_msgid(domain="sender.example")
            message["List-Unsubscribe"] = f"<{leave}>"
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
            message.set_content(text.safe_substitute(values))
            message.add_alternative(html.safe_substitute(values), subtype="html")
            server.send_message(message)


lanes = [threading.Thread(target=lane) for _ in range(connections)]
for one in lanes:
    one.start()
with open(path, encoding="utf-8", newline="") as file:
    for row in enumerate(csv.DictReader(file)):
        rows.put(row)
for _ in lanes:
    rows.put(None)
for one in lanes:
    one.join()
