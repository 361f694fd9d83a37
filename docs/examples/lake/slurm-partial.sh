#!/bin/sh
#SBATCH --job-name=culprit-partial
#SBATCH --requeue --open-mode=append
#SBATCH --ntasks=1 --cpus-per-task=1 --mem-per-cpu=256M
# One task of the array: the partial result of the capture in line
# SLURM_ARRAY_TASK_ID of the list. A task whose node dies is done again, by
# another node, into another file: the first one may still be writing.
set -eu
list=$1 folder=$2
task=$SLURM_ARRAY_TASK_ID
capture=$(grep . "$list" | sed -n "$((task + 1))p")
new=$folder/$task.part.$SLURM_JOB_ID.${SLURM_RESTART_COUNT:-0}
# 1: the capture is cut off, which the partial result and the report tell
culprit analyze --partial "$new" "$capture" || [ $? = 1 ]
mv "$new" "$folder/$task.part"
