#!/bin/sh
#SBATCH --job-name=culprit-merge
#SBATCH --requeue --open-mode=append
#SBATCH --ntasks=1 --mem=1G
# The report of all partial results. They are named one by one, so that one
# that is missing is told.
set -eu
count=$1 folder=$2
cd "$folder"
i=0
set --
while [ "$i" -lt "$count" ]; do
	set -- "$@" "$i.part"
	i=$((i + 1))
done
culprit merge --json -o report.json "$@"
