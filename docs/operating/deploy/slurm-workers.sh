#!/bin/bash
# Workers on Slurm: `sbatch --array=1-10 slurm-workers.sh`, with the scheduler's address in SCHEDULER.
# For GPUs: `sbatch --array=1-4 --gres=gpu:1 --export=ALL,GPUS=1 slurm-workers.sh`.
#SBATCH --job-name=autograder-worker
#SBATCH --cpus-per-task=4
#SBATCH --mem=12G
#SBATCH --time=04:00:00
#SBATCH --signal=TERM@60
#SBATCH --requeue

set -euo pipefail

: "${SCHEDULER:?name the scheduler, such as tls://login1:8786}"
GPUS="${GPUS:-0}"
# Certificates that only you can read; every member of the cluster needs them.
CERTIFICATES="${CERTIFICATES:-$HOME/.autograder-cluster}"
export DASK_DISTRIBUTED__COMM__TLS__CA_FILE="$CERTIFICATES/ca.pem"
export DASK_DISTRIBUTED__COMM__TLS__WORKER__CERT="$CERTIFICATES/member.pem"
export DASK_DISTRIBUTED__COMM__TLS__WORKER__KEY="$CERTIFICATES/member.key"
# Student code must not share a folder with other users of the node.
export TMPDIR="${SLURM_TMPDIR:-/tmp}"

if [ "$GPUS" -gt 0 ]; then
    exec autograder worker --scheduler "$SCHEDULER" --gpu "$GPUS"
fi
exec autograder worker --scheduler "$SCHEDULER" --workers "${SLURM_CPUS_PER_TASK:-1}"
