export const HELP = `Usage: cdk8s-etcd COMMAND

Commands:
  from-bitnami VALUES   import a release of Bitnami's chart etcd 11.3.4
  images FILE...        print the images in manifests, to copy them to another registry

  -h, --help            print this help, or the help of a command
  --version             print the version of the library
`;

export const FROM_BITNAMI_HELP = `Usage: cdk8s-etcd from-bitnami [OPTION]... VALUES

Prints the TypeScript code of an app with the same etcd cluster as a release of Bitnami's chart etcd 11.3.4: the same
names, selectors, claims, ports and settings. The code goes to standard output. A report goes to standard error: what
changes, what is safer, what is left out, and the dangers of the chart with this file. No file is written unless you
use --output.

VALUES is the release's values file, or - for standard input:
  helm get values etcd --namespace etcd-cluster --output yaml | npx cdk8s-etcd from-bitnami - > main.ts

  -r, --release NAME    name of the release (etcd)
  -n, --namespace NAME  namespace of the release (etcd-cluster); part of every member's address
      --live FILE       compare with the live StatefulSet, from kubectl get statefulset --output yaml, and refuse the
                        import if Kubernetes would refuse the change, or if it is another cluster: other URLs, data
                        directory, minor version or user, more members, or authentication; - for standard input
      --new             the cluster has no data yet, so members may bootstrap a new cluster
      --code            print only the code
      --report          print only the report, to standard output
      --json            print both as JSON, to standard output
  -o, --output DIR      write DIR/main.ts and DIR/report.txt instead; existing files are not overwritten
  -h, --help            print this help

Exit status: 0 if the import succeeds, 1 if it is refused, 2 for wrong usage.
`;

export const IMAGES_HELP = `Usage: cdk8s-etcd images FILE...

Prints the images in manifests, one per line, including those of init containers and jobs. FILE is a file
that \`cdk8s synth\` wrote, or - for standard input:
  npx cdk8s-etcd images dist/*.yaml | while read -r image; do crane copy "$image" "mirror.example.com/\${image#*/}"; done
imageRegistry replaces the registry in the same way: copy the images before you set it.

  -h, --help            print this help

Exit status: 0, or 2 for wrong usage.
`;
