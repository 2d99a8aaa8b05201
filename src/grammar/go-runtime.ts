/** Variables of Go's runtime with a form of their own. @see https://pkg.go.dev/runtime#hdr-Environment_Variables */
const FORMS: ReadonlyMap<string, { readonly form: RegExp; readonly problem: string }> = new Map(
  Object.entries({
    GOMEMLIMIT: {
      form: /^(off|\d{1,18}B?|\d{1,15}KiB|\d{1,12}MiB|\d{1,9}GiB|\d{1,6}TiB)$/,
      problem: 'expected bytes with a unit of Go, such as 512MiB, or off; programs end at another value',
    },
    GOGC: {
      form: /^(off|-?\d+)$/,
      problem: 'expected a percentage such as 100, or off; programs ignore another value',
    },
  }),
);

/** What is wrong with the value of a variable that Go programs such as etcd and rclone read when they start. */
export function goRuntimeProblem(name: string, value: string): string | undefined {
  const known = FORMS.get(name);
  return known === undefined || value === '' || known.form.test(value) ? undefined : known.problem;
}
