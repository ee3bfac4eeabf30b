// The stages that a network has, numbered.

import type { VNode } from "preact";
import { memo } from "preact/compat";
import { useMemo } from "preact/hooks";
import { groupLayers } from "./layer-groups.ts";
import { BeamStage, TextStage } from "./stages/beam-stage.tsx";
import { ContextStage } from "./stages/context-stage.tsx";
import { FramesStage } from "./stages/frames-stage.tsx";
import { LayersStage, UpperStage } from "./stages/layers-stage.tsx";
import { PathsStage } from "./stages/paths-stage.tsx";
import { ProbabilitiesStage } from "./stages/probabilities-stage.tsx";
import { RecurrenceStage } from "./stages/recurrence-stage.tsx";
import { SoundStage } from "./stages/sound-stage.tsx";
import type { WalkView } from "./walk-view.ts";

/** Drawn anew only when the playhead comes to another step. */
export const Stages = memo(function Stages({ view }: { readonly view: WalkView }) {
  const { network, walk } = view;
  const { below, recurrent, above } = useMemo(() => groupLayers(walk.layers), [walk]);
  const stages: ((number: number) => VNode | false)[] = [
    (number) => <SoundStage key="sound" view={view} number={number} />,
    (number) => <FramesStage key="frames" view={view} number={number} />,
    (number) => network.context !== undefined && <ContextStage key="context" view={view} number={number} />,
    (number) => below.length > 0 && <LayersStage key="layers" view={view} number={number} layers={below} />,
    (number) =>
      recurrent.length > 0 && (
        <RecurrenceStage key="recurrence" view={view} number={number} groups={recurrent} />
      ),
    (number) => above.length > 0 && <UpperStage key="above" view={view} number={number} layers={above} />,
    (number) => <ProbabilitiesStage key="probabilities" view={view} number={number} />,
    (number) => <PathsStage key="paths" view={view} number={number} />,
    (number) => <BeamStage key="beam" view={view} number={number} />,
    (number) => <TextStage key="text" view={view} number={number} />,
  ];
  let number = 1;
  return stages.map((stage) => {
    const shown = stage(number);
    if (shown !== false) number++;
    return shown;
  });
});
