"""Python's clients, as they are, against a server that runs: each has to give the text of `earshot transcribe`.

    python3 -m venv v && v/bin/pip install wyoming==1.10.2 openai websockets
    earshot serve -m model.safetensors --port 8080 --wyoming 10300
    v/bin/python recipes/serving/clients.py hello.wav "$(earshot transcribe hello.wav -m model.safetensors)"
"""

import asyncio
import json
import sys
import wave

PORT, WYOMING_PORT = 8080, 10300


async def with_wyoming(path: str) -> str:
    from wyoming.asr import Transcribe, Transcript
    from wyoming.audio import AudioChunk, AudioStart, AudioStop
    from wyoming.client import AsyncTcpClient
    from wyoming.info import Describe, Info

    async with AsyncTcpClient("127.0.0.1", WYOMING_PORT) as client:
        await client.write_event(Describe().event())
        event = await client.read_event()
        assert event is not None and Info.is_type(event.type), event
        info = Info.from_event(event)
        assert info.asr and info.asr[0].installed and info.asr[0].models[0].languages, info
        with wave.open(path) as sound:
            form = {"rate": sound.getframerate(), "width": sound.getsampwidth(), "channels": sound.getnchannels()}
            await client.write_event(Transcribe(language="en").event())
            await client.write_event(AudioStart(**form).event())
            while audio := sound.readframes(1024):
                await client.write_event(AudioChunk(audio=audio, **form).event())
            await client.write_event(AudioStop().event())
        while (event := await client.read_event()) is not None:
            if Transcript.is_type(event.type):
                return Transcript.from_event(event).text
    raise AssertionError("no transcript")


async def with_websockets(path: str) -> str:
    """What Vosk's test.py does."""
    import websockets

    texts = []
    async with websockets.connect(f"ws://127.0.0.1:{PORT}") as socket:
        with wave.open(path) as sound:
            await socket.send(json.dumps({"config": {"sample_rate": sound.getframerate()}}))
            while audio := sound.readframes(4000):
                await socket.send(audio)
                texts.append(json.loads(await socket.recv()).get("text", ""))
        await socket.send('{"eof" : 1}')
        texts.append(json.loads(await socket.recv()).get("text", ""))
    return " ".join(text for text in texts if text)


async def with_openai(path: str) -> str:
    from openai import AsyncOpenAI

    client = AsyncOpenAI(api_key="none needed", base_url=f"http://127.0.0.1:{PORT}/v1")
    model = (await client.models.list()).data[0].id
    with open(path, "rb") as file:
        return (await client.audio.transcriptions.create(file=file, model=model)).text


async def main() -> None:
    path, expected = sys.argv[1], sys.argv[2].strip()
    wrong = 0
    for client in (with_wyoming, with_websockets, with_openai):
        try:
            text = await client(path)
        except ImportError as error:
            print(f"{client.__name__}: not installed ({error.name})")
            continue
        wrong += text != expected
        print(f"{client.__name__}: {'same' if text == expected else f'{text!r} is not {expected!r}'}")
    sys.exit(wrong)


asyncio.run(main())
