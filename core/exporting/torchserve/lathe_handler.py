# SPDX-License-Identifier: GPL-3.0-or-later
"""TorchServe handler of a model exported by Lathe. Needs torch and the standard library; Pillow for JPEG images.

A request is a row or several: an object {column: value}, a list of objects, a list of numbers in the order of the
inputs, a list of such lists, {"instances": [...]}, CSV text with a line of names, or the bytes of an image. A missing
value is null or empty; a category is its text (in lists of numbers: its code). The answer has the columns that
`lathe-cli predict` writes; one row asked for as an object is answered by one object.
"""
import csv
import datetime
import io
import json
import math
import os
import struct
import zlib

import torch

MISSING = float("nan")


# TorchServe wants one class in a handler's module: this one says that it belongs to another.
BadRequest = type("BadRequest", (Exception,), {"__module__": "builtins"})


class LatheHandler:
    def __init__(self):
        self.model = None
        self.initialized = False

    def initialize(self, context):
        properties = context.system_properties
        folder = properties.get("model_dir")
        gpu = properties.get("gpu_id")
        use_gpu = torch.cuda.is_available() and gpu is not None
        self.device = torch.device("cuda:" + str(gpu) if use_gpu else "cpu")
        with open(os.path.join(folder, "lathe-model.json"), encoding="utf-8") as file:
            self.about = json.load(file)
        self.schema = self.about["schema"]
        self.shape = self.schema["input_shape"]
        self.kind = self.schema["kind"]
        self.features = self.schema["features"]
        self.codes = [{word: i for i, word in enumerate(f.get("vocabulary", []))} for f in self.features]
        self.model = torch.jit.load(os.path.join(folder, "model.pt"), map_location=self.device)
        self.model.eval()
        self.initialized = True

    def handle(self, batch, context):
        answers = [None] * len(batch)
        asked = []
        rows = []
        for i, request in enumerate(batch):
            context.set_response_content_type(i, "application/json")
            try:
                found, form = self.rows_of(request)
                asked.append((i, len(found), form))
                rows.extend(found)
            except BadRequest as problem:
                context.set_response_status(code=400, phrase=None, idx=i)
                answers[i] = json.dumps({"code": 400, "type": "BadRequestException", "message": str(problem)})
        if rows:
            with torch.no_grad():
                outputs = self.model(torch.stack(rows).to(self.device)).cpu()
            outputs = outputs.reshape(len(rows), -1).tolist()
            place = 0
            for i, count, form in asked:
                told = [self.told(values) for values in outputs[place:place + count]]
                place += count
                answers[i] = json.dumps(answer_of(told, form))
        for i, count, form in asked:
            if answers[i] is None:
                answers[i] = json.dumps(answer_of([], form))
        return answers

    # what is asked

    def rows_of(self, request):
        """Rows as tensors, and how they were given: "one", "list" or "instances"."""
        for part in ("body", "data", "file", "instances"):
            if part in request:
                return self.rows_in(request[part])
        if request and all(isinstance(value, (bytes, bytearray)) for value in request.values()):
            return self.rows_in({name: value.decode("utf-8", "replace") for name, value in request.items()})
        raise BadRequest("The request has no body.")

    def rows_in(self, body):
        if isinstance(body, (bytes, bytearray)):
            body = bytes(body)
            if self.kind == "image" and body[:1] not in (b"{", b"["):
                return [self.image(body)], "one"
            try:
                body = body.decode("utf-8")
            except UnicodeDecodeError:
                raise BadRequest("The body is neither JSON nor CSV.") from None
        if isinstance(body, str):
            text = body.strip()
            if not text:
                raise BadRequest("The body is empty.")
            if text[0] not in "{[":
                return self.csv_rows(text)
            try:
                body = json.loads(text)
            except ValueError as problem:
                raise BadRequest("The body is no JSON: " + str(problem)) from None
        return self.json_rows(body)

    def csv_rows(self, text):
        if self.kind not in ("table", "sequence"):
            raise BadRequest("The model takes no CSV.")
        lines = list(csv.DictReader(io.StringIO(text)))
        if self.kind == "table":
            return [self.row(line) for line in lines], "list"
        window = self.shape[0]
        if len(lines) < window:
            raise BadRequest("The model reads %d rows in a row, not %d." % (window, len(lines)))
        return [self.window(lines[-window:])], "one"

    def json_rows(self, body):
        form = "list"
        if isinstance(body, dict):
            for name in ("instances", "inputs", "rows"):
                if isinstance(body.get(name), list):
                    body, form = body[name], "instances"
                    break
            else:
                if self.kind != "table":
                    raise BadRequest('Give {"instances": [...]} or a list.')
                return [self.row(body)], "one"
        if not isinstance(body, list) or not body:
            raise BadRequest("The body holds no rows.")
        depth = 2 if self.kind == "sequence" else len(self.shape)
        if form == "list" and depth_of(body) == depth:
            return [self.instance(body)], "one"
        return [self.instance(each) for each in body], form

    def instance(self, value):
        if self.kind == "table":
            return self.row(value)
        if self.kind == "sequence":
            return self.window(value)
        return tensor_of(value, self.shape)

    def window(self, rows):
        if not isinstance(rows, list) or len(rows) != self.shape[0]:
            raise BadRequest("The model reads %d rows in a row." % self.shape[0])
        return torch.stack([self.row(row) for row in rows])

    def row(self, value):
        width = self.shape[-1]
        if isinstance(value, dict):
            numbers = [MISSING] * width
            for feature, codes in zip(self.features, self.codes):
                if feature["name"] not in value:
                    raise BadRequest("The column %s is missing." % feature["name"])
                self.put(numbers, feature, codes, value[feature["name"]])
            return torch.tensor(numbers, dtype=torch.float32)
        if not isinstance(value, list) or len(value) != width:
            raise BadRequest("A row is an object with the columns by name, or a list of %d numbers." % width)
        numbers = []
        for place, number in enumerate(value):
            if number is None:
                number = MISSING
            if isinstance(number, str) or not isinstance(number, (int, float)):
                raise BadRequest("Value %d of a row, %r, is no number." % (place + 1, number))
            numbers.append(float(number))
        return torch.tensor(numbers, dtype=torch.float32)

    def put(self, numbers, feature, codes, value):
        at, kind = feature["offset"], feature["kind"]
        if kind == "datetime":
            numbers[at], numbers[at + 1] = date_of(value, feature["name"])
        elif "codes" in feature:
            found = [] if value is None else text_codes(str(value), feature["codes"]["buckets"], feature["width"])
            numbers[at:at + feature["width"]] = found + [-1.0] * (feature["width"] - len(found))
        elif codes:
            numbers[at] = code_of(value, codes)
        else:
            numbers[at] = number_of(value, feature["name"])

    def image(self, content):
        channels, height, width = self.shape
        pixels = None
        if content[:8] == b"\x89PNG\r\n\x1a\n":
            pixels = png(content)
        if pixels is None or list(pixels.shape[1:]) != [height, width]:
            pixels = pillow(content, width, height)
        if pixels.shape[0] != channels:
            if channels == 1:
                weights = torch.tensor([0.299, 0.587, 0.114]).reshape(3, 1, 1)
                pixels = (pixels[:3] * weights).sum(0, keepdim=True).round()
            else:
                pixels = pixels[:1].repeat(channels, 1, 1)
        return pixels

    # what is answered

    def told(self, values):
        task, names, classes = self.schema["task"], self.about["columns"], self.about["classes"]
        values = [None if math.isnan(v) or math.isinf(v) else v for v in values]
        if task == "classification":
            return dict(zip(names, [self.decided(values, classes)] + values))
        if task == "multilabel":
            return dict(zip(names, [None if v is None else int(v > 0.5) for v in values] + values))
        return dict(zip(names, values))

    def decided(self, values, classes):
        if any(v is None for v in values):
            return None
        if len(values) == 2:
            return classes[int(values[1] > self.about["decision_threshold"])]
        return classes[values.index(max(values))]


def answer_of(told, form):
    if form == "one":
        return told[0]
    return {"predictions": told} if form == "instances" else told


def depth_of(value):
    depth = 0
    while isinstance(value, list) and value:
        value = value[0]
        depth += 1
    return depth + 1 if isinstance(value, dict) else depth


def number_of(value, name):
    if value is None or (isinstance(value, str) and value.strip() in ("", "NA", "NaN", "nan", "null")):
        return MISSING
    try:
        return float(value)
    except (TypeError, ValueError):
        raise BadRequest("%r in the column %s is no number." % (value, name)) from None


def code_of(value, codes):
    if value is None or value == "":
        return MISSING
    if isinstance(value, bool):
        spelled = ("true", "True", "TRUE", "1", "yes") if value else ("false", "False", "FALSE", "0", "no")
    elif isinstance(value, float) and value.is_integer():
        spelled = (str(int(value)), str(value))
    else:
        spelled = (str(value), str(value).strip())
    for text in spelled:
        if text in codes:
            return float(codes[text])
    return -1.0


def date_of(value, name):
    if value is None or value == "":
        return MISSING, MISSING
    if isinstance(value, list) and len(value) == 2:
        return number_of(value[0], name), number_of(value[1], name)
    try:
        moment = datetime.datetime.fromisoformat(str(value).strip().replace("Z", "+00:00"))
    except ValueError:
        raise BadRequest("%r in the column %s is no date like 2024-03-01 or 2024-03-01T12:30:00." % (value, name)) from None
    if moment.tzinfo is not None:
        moment = moment.astimezone(datetime.timezone.utc).replace(tzinfo=None)
    since = moment - datetime.datetime(2000, 1, 1)
    return float(since.days), since.seconds + since.microseconds / 1e6


def tensor_of(value, shape):
    try:
        tensor = torch.tensor(value, dtype=torch.float32)
    except (TypeError, ValueError):
        raise BadRequest("The body is no array of numbers.") from None
    size = math.prod(shape)
    if len(shape) == 3 and list(tensor.shape) == [shape[1], shape[2], shape[0]] and list(tensor.shape) != shape:
        tensor = tensor.permute(2, 0, 1)
    if tensor.numel() != size:
        raise BadRequest("The model takes the shape %s, not %s." % (shape, list(tensor.shape)))
    return tensor.reshape(shape)


# images


def pillow(content, width, height):
    try:
        from PIL import Image
    except ImportError:
        raise BadRequest("Send a PNG of %d x %d pixels, or install Pillow beside TorchServe." % (width, height)) from None
    try:
        image = Image.open(io.BytesIO(content))
        image = image.convert("L" if image.mode in ("1", "L", "I;16") else "RGB")
    except Exception:
        raise BadRequest("The body is no image.") from None
    image = image.resize((width, height), Image.BILINEAR)
    channels = len(image.getbands())
    pixels = torch.tensor(bytearray(image.tobytes()), dtype=torch.float32)
    return pixels.reshape(height, width, channels).permute(2, 0, 1)


def png(content):
    """Channels x height x width of an 8-bit image without interlacing; None for other kinds, which Pillow reads."""
    at, data, head, palette = 8, b"", None, None
    try:
        while at + 8 <= len(content):
            size, name = struct.unpack(">I4s", content[at:at + 8])
            chunk = content[at + 8:at + 8 + size]
            at += 12 + size
            if name == b"IHDR":
                head = struct.unpack(">IIBBBBB", chunk)
            elif name == b"IDAT":
                data += chunk
            elif name == b"PLTE":
                palette = chunk
        width, height, depth, colour, _, _, interlaced = head
        if depth != 8 or interlaced or colour == 3 or palette or width * height > 1 << 26:
            return None
        channels = {0: 1, 2: 3, 4: 2, 6: 4}[colour]
        stride = width * channels
        raw = zlib.decompressobj().decompress(data, height * (stride + 1))
        if len(raw) != height * (stride + 1):
            return None
    except (struct.error, zlib.error, KeyError, TypeError):
        return None
    pixels, before = bytearray(), bytearray(stride)
    for y in range(height):
        line = bytearray(raw[y * (stride + 1) + 1:(y + 1) * (stride + 1)])
        unfilter(raw[y * (stride + 1)], line, before, channels)
        pixels += line
        before = line
    tensor = torch.tensor(pixels, dtype=torch.float32).reshape(height, width, channels).permute(2, 0, 1)
    return tensor[:1] if channels == 2 else tensor[:3]


def unfilter(kind, line, before, step):
    for i in range(len(line)):
        left = line[i - step] if i >= step else 0
        up = before[i]
        corner = before[i - step] if i >= step else 0
        if kind == 1:
            line[i] = (line[i] + left) & 255
        elif kind == 2:
            line[i] = (line[i] + up) & 255
        elif kind == 3:
            line[i] = (line[i] + (left + up) // 2) & 255
        elif kind == 4:
            guess = left + up - corner
            a, b, c = abs(guess - left), abs(guess - up), abs(guess - corner)
            line[i] = (line[i] + (left if a <= b and a <= c else up if b <= c else corner)) & 255


# codes of text, by the rule that lathe-export.json describes


def within(c, ranges):
    return any(low <= c <= high for low, high in ranges)


SEPARATORS = [(0xD7, 0xD7), (0xF7, 0xF7), (0x2000, 0x206F), (0x3000, 0x303F), (0xFE00, 0xFE0F), (0xFF00, 0xFF0F),
              (0xFF1A, 0xFF20), (0xFFFD, 0xFFFF)]
ALONE = [(0x2190, 0x2BFF), (0x2E80, 0xA4CF), (0xF900, 0xFAFF), (0x1F000, 0x1FAFF), (0x20000, 0x3FFFF)]
PLUS_32 = [(0x41, 0x5A), (0xC0, 0xD6), (0xD8, 0xDE), (0x391, 0x3A9), (0x410, 0x42F)]


def words_of(text, most):
    words, current = [], ""
    for character in text:
        c = ord(character)
        c += 32 if within(c, PLUS_32) else 80 if 0x400 <= c <= 0x40F else 0
        gap = not (0x61 <= c <= 0x7A or 0x30 <= c <= 0x39) if c < 0xC0 else within(c, SEPARATORS)
        alone = not gap and within(c, ALONE)
        if gap or alone:
            if current:
                words.append((current, False))
            current = ""
            if alone:
                words.append((chr(c), True))
        else:
            current += chr(c)
        if len(words) >= most:
            return words[:most]
    return words + [(current, False)] if current else words


def pieces_of(text, most):
    words = words_of(text, most)
    for word, _ in words:
        yield "w" + word
    for (first, _), (second, _) in zip(words, words[1:]):
        yield "b" + first + " " + second
    for word, alone in words:
        if alone:
            continue
        marked = "<" + word + ">"
        for start in range(len(marked)):
            for length in (3, 4, 5):
                end = start + length
                if end <= len(marked) and not (start == 0 and end == len(marked)):
                    yield "c" + marked[start:end]


def text_codes(text, buckets, most):
    codes = []
    for piece in pieces_of(text, most):
        if len(codes) == most:
            break
        hashed = 14695981039346656037
        for byte in piece.encode("utf-8", "replace"):
            hashed = ((hashed ^ byte) * 1099511628211) & 0xFFFFFFFFFFFFFFFF
        codes.append(float(hashed % buckets))
    return codes
