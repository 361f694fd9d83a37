#!/bin/sh
# Judges the captures that are listed in a file, one a line, on the nodes of a
# Slurm cluster: an array job makes a partial result of each, a job that
# depends on it merges them.
#
#   slurm-submit.sh LIST FOLDER
#
# FOLDER is to be reached by all nodes under the same name, and so are the
# captures. The report is FOLDER/report.json. Prints the number of the job that
# writes it.
set -eu
here=$(dirname "$(readlink -f "$0")")
list=$(readlink -f "$1")
folder=$2
mkdir -p "$folder"
folder=$(readlink -f "$folder")
count=$(grep -c . "$list")
array=$(sbatch --parsable --array="0-$((count - 1))" \
	--output="$folder/%a.log" \
	"$here/slurm-partial.sh" "$list" "$folder")
sbatch --parsable --dependency="afterok:$array" --kill-on-invalid-dep=yes \
	--output="$folder/merge.log" \
	"$here/slurm-merge.sh" "$count" "$folder"
