/** All proofs. */
import { attributeProofs } from './attributes.proof.ts';
import { capabilityProofs } from './capabilities.proof.ts';
import { caseProofs } from './cases.proof.ts';
import { chainProofs } from './chains.proof.ts';
import { connectionProofs } from './connections.proof.ts';
import { contentProofs } from './contents.proof.ts';
import { contextProofs } from './contexts.proof.ts';
import { courseProofs } from './courses.proof.ts';
import { credentialDoubtProofs } from './credential-doubts.proof.ts';
import { credentialProofs } from './credentials.proof.ts';
import { dataProofs } from './data.proof.ts';
import { descriptorProofs } from './descriptors.proof.ts';
import { execProofs } from './exec.proof.ts';
import { factProofs } from './facts.proof.ts';
import { interruptionProofs } from './interruptions.proof.ts';
import { killProofs } from './kills.proof.ts';
import { launcherProofs } from './launcher.proof.ts';
import { lookupProofs } from './lookups.proof.ts';
import { nameProofs } from './names.proof.ts';
import { openNameProofs } from './open-names.proof.ts';
import { openProofs } from './open.proof.ts';
import { otherProcessProofs } from './other-processes.proof.ts';
import { outputProofs } from './outputs.proof.ts';
import { overlayProofs } from './overlays.proof.ts';
import { permissionProofs } from './permissions.proof.ts';
import { processProofs } from './processes.proof.ts';
import { programNameProofs } from './program-names.proof.ts';
import type { Proof } from './proof.ts';
import { quietProofs } from './quiet.proof.ts';
import { releaseProofs } from './releases.proof.ts';
import { scriptProofs } from './scripts.proof.ts';
import { searchProofs } from './searches.proof.ts';
import { setIdProofs } from './set-id.proof.ts';
import { sleepingProofs } from './sleeping.proof.ts';
import { socketProofs } from './sockets.proof.ts';
import { startProofs } from './start.proof.ts';
import { structureProofs } from './structures.proof.ts';
import { systemProofs } from './system.proof.ts';
import { taskProofs } from './tasks.proof.ts';
import { transferProofs } from './transfers.proof.ts';
import { unreadableProofs } from './unreadable.proof.ts';
import { givenProofs } from './given.proof.ts';
import { untouchedProofs } from './untouched.proof.ts';
import { unrecordedProofs } from './unrecorded.proof.ts';
import { filteredLogProofs } from './filtered-logs.proof.ts';
import { untoldLinkProofs } from './untold-links.proof.ts';
import { untoldStartProofs } from './untold-start.proof.ts';
import { unshownProofs } from './unshown.proof.ts';
import { valueProofs } from './values.proof.ts';
import { vectorProofs } from './vectors.proof.ts';

export const proofs: readonly Proof[] = [
  ...attributeProofs,
  ...capabilityProofs,
  ...caseProofs,
  ...chainProofs,
  ...connectionProofs,
  ...contentProofs,
  ...contextProofs,
  ...courseProofs,
  ...credentialDoubtProofs,
  ...credentialProofs,
  ...dataProofs,
  ...descriptorProofs,
  ...execProofs,
  ...factProofs,
  ...interruptionProofs,
  ...killProofs,
  ...launcherProofs,
  ...lookupProofs,
  ...nameProofs,
  ...openNameProofs,
  ...openProofs,
  ...otherProcessProofs,
  ...outputProofs,
  ...overlayProofs,
  ...permissionProofs,
  ...processProofs,
  ...programNameProofs,
  ...quietProofs,
  ...releaseProofs,
  ...scriptProofs,
  ...searchProofs,
  ...setIdProofs,
  ...sleepingProofs,
  ...socketProofs,
  ...startProofs,
  ...structureProofs,
  ...systemProofs,
  ...taskProofs,
  ...transferProofs,
  ...unreadableProofs,
  ...unrecordedProofs,
  ...givenProofs,
  ...untouchedProofs,
  ...unshownProofs,
  ...filteredLogProofs,
  ...untoldLinkProofs,
  ...untoldStartProofs,
  ...valueProofs,
  ...vectorProofs,
];
