// Checks on how the recordings sound: unreadable, cut, silent, clipped, off zero, of channels that cancel, or of a
// narrower band than the features look at. They do not know what is said.

import { count, firstFew, outOf, severityOfShare, SYSTEMATIC_SHARE } from "../brief.ts";
import type { CausalPlace } from "../causal-order.ts";
import { check, finding, type Check, type Finding } from "../finding.ts";
import type { CorpusEvidence, MeasuredUtterance } from "./evidence.ts";
import { median } from "../../quantiles.ts";

const readable = check<CorpusEvidence, "unreadable" | "measured">({
  name: "every recording can be read",
  finds: { UNREADABLE_RECORDINGS: ["recordings", 10] },
  needs: ["unreadable", "measured"],
  run: ({ unreadable, measured }) => {
    if (unreadable.length === 0) return "healthy";
    const total = unreadable.length + measured.length;
    const kinds = [...new Set(unreadable.map(({ fault }) => fault.code))];
    return [
      finding({
        code: "UNREADABLE_RECORDINGS",
        severity: severityOfShare(unreadable.length, total),
        diagnosis: "Recordings cannot be read, and are left out of training.",
        evidence: [
          `${outOf(unreadable.length, total)} recordings: ${kinds.join(", ")}`,
          ...firstFew(unreadable.map(({ where, path, fault }) => `${where}  ${path}: ${fault.problem}`)),
        ],
        remedy: unreadable[0].fault.remedy,
      }),
    ];
  },
});

/** A check that asks one question of each recording. */
function perRecording(fault: {
  readonly name: string;
  readonly code: string;
  readonly place: CausalPlace;
  readonly isFaulty: (measured: MeasuredUtterance) => boolean;
  /** A lower bar, for what one recording in ten does. */
  readonly isFaultyWhenCommon?: (measured: MeasuredUtterance) => boolean;
  readonly show: (measured: MeasuredUtterance) => string;
  readonly diagnosis: string;
  readonly remedy: string;
}): Check<CorpusEvidence> {
  const { name, code, place, isFaulty, isFaultyWhenCommon = isFaulty, show, diagnosis, remedy } = fault;
  return check<CorpusEvidence, "measured">({
    name,
    finds: { [code]: place },
    needs: ["measured"],
    run: ({ measured }) => {
      const common = measured.filter(isFaultyWhenCommon);
      const faulty = common.length >= SYSTEMATIC_SHARE * measured.length ? common : measured.filter(isFaulty);
      if (faulty.length === 0) return "healthy";
      const evidence = [
        `${outOf(faulty.length, measured.length)} recordings`,
        ...firstFew(faulty.map((one) => `${one.where}  ${one.path}: ${show(one)}`)),
      ];
      const severity = severityOfShare(faulty.length, measured.length);
      return [finding({ code, severity, diagnosis, evidence, remedy })];
    },
  });
}

const truncated = perRecording({
  name: "recordings are whole",
  code: "TRUNCATED_RECORDINGS",
  place: ["recordings", 20],
  isFaulty: ({ warnings }) => warnings.some(({ code }) => code === "TRUNCATED_AUDIO"),
  show: ({ warnings }) => warnings.find(({ code }) => code === "TRUNCATED_AUDIO")!.message,
  diagnosis: "Recordings end before their own header says: the rest of what is said is missing.",
  remedy: "Copy or convert them again.",
});

/** Frames of 10 ms of speech differ by more than 10 dB in any recording; of steady noise, by 2 dB. */
const LEAST_RANGE_DB = 6;
const QUANTIZATION = 2 ** -14;

const silent = perRecording({
  name: "something is said in every recording",
  code: "SILENT_RECORDINGS",
  place: ["recordings", 40],
  isFaulty: ({ sound }) => sound.peak < QUANTIZATION || sound.loudDb - sound.quietDb < LEAST_RANGE_DB,
  show: ({ sound: { peak, loudDb, quietDb } }) =>
    peak < QUANTIZATION
      ? `its largest sample is ${peak.toPrecision(2)}`
      : `its loudness stays within ${(loudDb - quietDb).toFixed(1)} dB, as noise does and speech never`,
  diagnosis: "Nothing is said in these recordings, yet they have a text.",
  remedy: "Record them again, or take them out; check the input of the recorder.",
});

/** Of speech, three samples in a thousand at most lie so near to the extremes (four corpora); of clipped speech, more. */
const CLIPPED_SHARE = 0.005;

const clipped = perRecording({
  name: "recordings are not clipped",
  code: "CLIPPED_RECORDINGS",
  place: ["recordings", 90],
  isFaulty: ({ sound }) =>
    sound.extremeShare > CLIPPED_SHARE && sound.loudDb - sound.quietDb >= LEAST_RANGE_DB,
  show: ({ sound: { extremeShare, peak } }) =>
    `${(100 * extremeShare).toFixed(1)} % of the samples lie within 2 % of the peak, ${peak.toFixed(2)}`,
  diagnosis:
    "Recordings are clipped: the loud sounds are cut off flat, which adds harmonics that are not speech.",
  remedy: "Lower the level of the recorder or of whatever converted them; clipped sound cannot be restored.",
});

/** Against the deviation of the recording: an offset as large as the speech, or less of it in many recordings. */
const LARGE_OFFSET = 1;
const COMMON_OFFSET = 0.4;

const offset = perRecording({
  name: "recordings swing about zero",
  code: "OFFSET_RECORDINGS",
  place: ["recordings", 100],
  isFaulty: (measured) => isOff(measured, LARGE_OFFSET),
  isFaultyWhenCommon: (measured) => isOff(measured, COMMON_OFFSET),
  show: ({ sound }) => `mean ${sound.offset.toFixed(4)}, deviation ${sound.deviation.toFixed(4)}`,
  diagnosis: "Recordings have a constant offset, which fills the lowest filters.",
  remedy: "Take the mean out of each recording (a high-pass at 20 Hz), and check the sound card.",
});

const isOff = ({ sound }: MeasuredUtterance, most: number): boolean =>
  Math.abs(sound.offset) > Math.max(most * sound.deviation, QUANTIZATION);

const mislabeled = perRecording({
  name: "samples are within full scale",
  code: "OVERLOADED_RECORDINGS",
  place: ["recordings", 30],
  isFaulty: ({ warnings }) => warnings.some(({ code }) => code === "OVERLOADED_AUDIO"),
  show: ({ warnings }) => warnings.find(({ code }) => code === "OVERLOADED_AUDIO")!.message,
  diagnosis: "Recordings hold numbers far beyond full scale: integers stored as floating point.",
  remedy: "Divide by the largest integer when writing floating-point files (32768 for 16 bits).",
});

/** Of the mean's power to the channels': 1 when they are alike, 1/2 when they have nothing in common, 0 when opposite. */
function mixedShare({ sound, channelPowers = [], warnings }: MeasuredUtterance): number {
  const own = channelPowers.reduce((sum, power) => sum + power, 0) / channelPowers.length;
  const isScaled = warnings.some(({ code }) => code === "OVERLOADED_AUDIO");
  if (isScaled || !(own > QUANTIZATION ** 2)) return 1;
  return (sound.deviation ** 2 + sound.offset ** 2) / own;
}

const UNLIKE = 0.7;
const FAINT_CHANNEL = 0.05; // of the louder one's power: nothing is said there

const cancelling = perRecording({
  name: "stereo channels do not cancel",
  code: "CHANNELS_CANCEL",
  place: ["recordings", 50],
  isFaulty: ({ warnings }) => warnings.some(({ code }) => code === "OPPOSITE_CHANNELS"),
  show: ({ warnings }) => warnings.find(({ code }) => code === "OPPOSITE_CHANNELS")!.message,
  diagnosis:
    "The channels of stereo recordings are opposite: mixed to one, almost nothing would be left of the speech; one of them is used.",
  remedy: "Take one channel, or turn one around: ffmpeg -i in.wav -af pan=mono|c0=c0 out.wav",
});

const differing = perRecording({
  name: "stereo channels say the same",
  code: "CHANNELS_DIFFER",
  place: ["recordings", 60],
  isFaulty: (measured) => {
    const { channelPowers = [] } = measured;
    const isBoth = Math.min(...channelPowers) > FAINT_CHANNEL * Math.max(...channelPowers);
    return isBoth && mixedShare(measured) < UNLIKE;
  },
  show: (measured) =>
    `the mean of the channels keeps ${(100 * mixedShare(measured)).toFixed(0)} % of their power, 50 % means strangers`,
  diagnosis:
    "The channels of stereo recordings carry different sounds, such as two speakers, which are heard at once.",
  remedy: "Cut the channels into recordings of their own, each with its own text.",
});

/** A band that holds less than this share of the power, in dB, holds nothing: the faintest real one had −59. */
const EMPTY_BAND_DB = -70;
const BAND_HZ = 1000;

/** Where the sound ends: the upper edge of the highest band with anything in it, in Hz. */
export function bandwidthHz({ sound, sourceRateHz }: MeasuredUtterance): number {
  const highest = BAND_HZ * (sound.bandsDb.findLastIndex((band) => band > EMPTY_BAND_DB) + 1);
  return Math.min(highest, sourceRateHz / 2);
}

/** Telephone speech ends below 4 kHz: half of the usual band. */
const NARROW_HZ = 4000;

const band = check<CorpusEvidence, "measured" | "settings">({
  name: "recordings fill the band that the features look at",
  finds: { MIXED_RATES: ["recordings", 110], NARROW_BAND: ["features", 30] },
  needs: ["measured", "settings"],
  run: ({ measured, settings: { features } }) => {
    const audible = measured.filter(({ sound }) => sound.peak >= QUANTIZATION);
    const narrow = audible.filter((one) => bandwidthHz(one) <= NARROW_HZ);
    const wide = audible.filter((one) => bandwidthHz(one) > NARROW_HZ);
    if (narrow.length === 0 || features.highestHz <= NARROW_HZ) return "healthy";
    if (wide.length === 0) return [narrowBand(narrow, features.highestHz)];
    return [mixedRates(narrow, wide)];
  },
});

function narrowBand(narrow: readonly MeasuredUtterance[], highestHz: number): Finding {
  return finding({
    code: "NARROW_BAND",
    severity: "note",
    diagnosis: `The recordings hold nothing above ${median(narrow.map(bandwidthHz))} Hz, yet filters go up to ${highestHz} Hz.`,
    evidence: [`rates of the files: ${ratesOf(narrow)}`],
    remedy: `Set features.highestHz to ${NARROW_HZ} for recordings of telephone rate: the filters above see nothing.`,
  });
}

function mixedRates(narrow: readonly MeasuredUtterance[], wide: readonly MeasuredUtterance[]): Finding {
  const fewer = narrow.length < wide.length ? narrow : wide;
  return finding({
    code: "MIXED_RATES",
    severity: "warning",
    diagnosis:
      "Some recordings are of telephone band and others are not: the network must learn two kinds of sound.",
    evidence: [
      `${count(narrow.length, "recording")} with nothing above ${NARROW_HZ} Hz (files of ${ratesOf(narrow)}), ${wide.length} with more (${ratesOf(wide)})`,
      ...firstFew(fewer.map(({ where, path, sourceRateHz }) => `${where}  ${path}: ${sourceRateHz} Hz`)),
    ],
    remedy: "Set features.highestHz to 4000 for all, or train and recognize with recordings of one kind.",
  });
}

const ratesOf = (measured: readonly MeasuredUtterance[]): string =>
  [...new Set(measured.map(({ sourceRateHz }) => `${sourceRateHz} Hz`))].join(", ");

export const soundChecks: readonly Check<CorpusEvidence>[] = [
  readable,
  truncated,
  mislabeled,
  cancelling,
  differing,
  silent,
  clipped,
  offset,
  band,
];
