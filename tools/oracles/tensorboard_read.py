"""Prints what TensorBoard reads from the event files of a folder: for test/training/tensor-board.test.ts.

Usage: EARSHOT_EVENTS=FOLDER npx vitest run test/training/tensor-board.test.ts; python3 tools/oracles/tensorboard_read.py FOLDER
"""

import sys

import tensorboard
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

print("tensorboard", tensorboard.__version__)
events = EventAccumulator(sys.argv[1]).Reload()
print("file version", events.file_version)
for tag in sorted(events.Tags()["scalars"]):
    for event in events.Scalars(tag):
        print(tag, event.wall_time, event.step, event.value)
