"""A headless Chromium, spoken to by its DevTools protocol over a pipe.

    with Browser() as browser:
        page = browser.open("/tmp/report.html", width=1400)
        page.js("document.title")
        page.click("#search")
        page.errors    # console errors, exceptions, broken policies
        page.requests  # all addresses that were asked for
"""
import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
import time

SECONDS = 60  # for any one answer; a busy machine takes a while


def is_here():
    return shutil.which("chromium") is not None


class Browser:
    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix="culprit-page-")
        to_read, self.commands = os.pipe()
        self.answers, to_write = os.pipe()
        flags = ["--headless=new", "--remote-debugging-pipe", "--no-first-run",
                 "--disable-gpu", "--disable-background-networking",
                 "--disable-component-update", "--disable-sync",
                 "--disable-dev-shm-usage", "--mute-audio", "--lang=en",
                 "--force-color-profile=srgb", "--no-proxy-server",
                 f"--user-data-dir={self.folder}/profile"]
        if os.geteuid() == 0:
            flags.append("--no-sandbox")  # it refuses to run as root else
        command = (f'exec chromium "$@" about:blank 3<&{to_read} '
                   f"4>&{to_write}")
        self.process = subprocess.Popen(
            ["sh", "-c", command, "sh", *flags],
            pass_fds=(to_read, to_write), stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_read)
        os.close(to_write)
        self.number = 0
        self.buffer = b""
        self.pages = {}
        return self

    def __exit__(self, *_):
        try:
            self.call("Browser.close")
        except (RuntimeError, OSError):
            pass
        for pipe in (self.commands, self.answers):
            os.close(pipe)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def receive(self, until):
        """The next message, or None at the time `until`."""
        while b"\0" not in self.buffer:
            left = until - time.monotonic()
            if left <= 0 or not select.select([self.answers], [], [], left)[0]:
                return None
            data = os.read(self.answers, 1 << 20)
            if not data:
                raise RuntimeError("chromium ended")
            self.buffer += data
        message, self.buffer = self.buffer.split(b"\0", 1)
        message = json.loads(message)
        page = self.pages.get(message.get("sessionId"))
        if page and "method" in message:
            page.take(message["method"], message["params"])
        return message

    def call(self, method, session=None, **params):
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        if session:
            message["sessionId"] = session
        os.write(self.commands, json.dumps(message).encode() + b"\0")
        until = time.monotonic() + SECONDS
        while True:
            answer = self.receive(until)
            if answer is None:
                raise RuntimeError(f"{method}: no answer")
            if answer.get("id") == self.number:
                break
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']['message']}")
        return answer["result"]

    def open(self, path, **look):
        return Page(self, path, **look)


class Page:
    def __init__(self, browser, path, width=1400, height=1000, is_dark=False):
        self.browser = browser
        self.errors, self.requests, self.events = [], [], []
        target = browser.call("Target.createTarget", url="about:blank")
        self.target = target["targetId"]
        self.session = browser.call("Target.attachToTarget", flatten=True,
                                    targetId=self.target)["sessionId"]
        browser.pages[self.session] = self
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(domain + ".enable")
        self.resize(width, height)
        self.call("Emulation.setEmulatedMedia", features=[{
            "name": "prefers-color-scheme",
            "value": "dark" if is_dark else "light"}])
        self.address = "file://" + os.path.abspath(path)
        begun = time.monotonic()
        self.call("Page.navigate", url=self.address)
        self.wait_for("Page.loadEventFired")
        self.settle()
        self.load_seconds = time.monotonic() - begun

    def take(self, method, params):
        self.events.append(method)
        if method == "Runtime.exceptionThrown":
            details = params["exceptionDetails"]
            self.errors.append(details.get("exception", {}).get(
                "description", details["text"]))
        elif method == "Runtime.consoleAPICalled":
            if params["type"] in ("error", "warning", "assert"):
                self.errors.append(str([one.get("value") for one in
                                        params["args"]]))
        elif method == "Log.entryAdded":
            if params["entry"]["level"] in ("error", "warning"):
                self.errors.append(params["entry"]["text"])
        elif method == "Network.requestWillBeSent":
            self.requests.append(params["request"]["url"])
        elif method == "Page.javascriptDialogOpening":
            self.errors.append("a dialog: " + params["message"])

    def call(self, method, **params):
        return self.browser.call(method, self.session, **params)

    def wait_for(self, event):
        until = time.monotonic() + SECONDS
        while event not in self.events:
            if self.browser.receive(until) is None:
                raise RuntimeError(f"{event} did not come")

    def js(self, expression):
        """The value of an expression, which may be a promise."""
        answer = self.call("Runtime.evaluate", expression=expression,
                           awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in answer:
            details = answer["exceptionDetails"]
            raise RuntimeError(details.get("exception", {}).get(
                "description", details["text"]))
        return answer["result"].get("value")

    def settle(self):
        """Until two frames were drawn: what was to be drawn is."""
        self.js("new Promise((done) => requestAnimationFrame(() => "
                "requestAnimationFrame(() => done(1))))")

    def resize(self, width, height):
        self.call("Emulation.setDeviceMetricsOverride", width=width,
                  height=height, deviceScaleFactor=1, mobile=False)

    def text(self, selector):
        return self.js(f"document.querySelector({json.dumps(selector)})"
                       "?.innerText ?? null")

    def click_at(self, x, y):
        for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y,
                      button="none" if kind == "mouseMoved" else "left",
                      clickCount=0 if kind == "mouseMoved" else 1)
        self.settle()

    def click(self, selector):
        """A real click in the middle of an element."""
        place = self.js(
            f"(() => {{const e = document.querySelector({json.dumps(selector)});"
            "if (!e) return null; e.scrollIntoView({block: 'center'});"
            "const r = e.getBoundingClientRect();"
            "return [r.x + r.width / 2, r.y + r.height / 2]})()")
        if place is None:
            raise RuntimeError(f"no {selector} to click at")
        self.click_at(*place)

    def key(self, key, text=None):
        codes = {"ArrowDown": 40, "ArrowUp": 38, "ArrowRight": 39,
                 "ArrowLeft": 37, "Escape": 27, "Home": 36, "End": 35,
                 "Enter": 13}
        params = {"key": key, "windowsVirtualKeyCode": codes.get(
            key, ord(key[0].upper()))}
        if text or len(key) == 1:
            params["text"] = text or key
        self.call("Input.dispatchKeyEvent", type="keyDown", **params)
        self.call("Input.dispatchKeyEvent", type="keyUp", **params)
        self.settle()

    def type(self, text):
        self.call("Input.insertText", text=text)
        self.settle()

    def screenshot(self, path):
        """Of the whole page, as if the window were as high."""
        width = self.js("innerWidth")
        self.resize(width, self.js("document.documentElement.scrollHeight"))
        self.settle()
        self.settle()
        data = self.call("Page.captureScreenshot", format="png")["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(data))

    def pdf(self):
        return base64.b64decode(self.call("Page.printToPDF")["data"])

    def close(self):
        self.browser.call("Target.closeTarget", targetId=self.target)
