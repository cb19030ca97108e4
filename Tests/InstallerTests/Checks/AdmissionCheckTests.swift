@testable import Installer
import Testing

@Suite struct AdmissionCheckTests {
    private let denied = "ValidatingAdmissionPolicy 'latest' with binding 'everywhere' denied request: no"

    private func outcome(_ admission: Admission) -> CheckOutcome {
        verdict(.admission) { facts, _ in facts.admission = .known(admission) }
    }

    @Test func whatWasTriedIsCounted() {
        #expect(outcome(Admission(asked: 7)) == .passed("7 objects admitted in a server-side dry run"))
        #expect(
            outcome(Admission(asked: 5, unjudged: 2))
                == .passed("5 objects admitted in a server-side dry run; 2 could not be checked"))
        #expect(
            outcome(Admission(silence: "no resources are created")) == .skipped("no resources are created"))
    }

    @Test func beforeTheNamespaceExistsItSaysWhatWasSeen() {
        #expect(
            outcome(Admission(preview: .noRules))
                == .passed(
                    "no admission policy or webhook applies to the chart's pods, Services, volumes and network "
                        + "policies in the new namespace"))
        #expect(
            outcome(Admission(asked: 7, preview: .tried(in: "default")))
                == .passed("7 objects admitted in a server-side dry run in namespace default"))
    }

    @Test func theServiceAccountIsThatOfTheChart() {
        let words = #"pods "x" is forbidden: unable to validate against any security context constraint: []"#
        let cause = Cause(refusal: Admission.Refusal(resource: "pods", words: words))
        #expect(cause.code == .securityContextConstraints)
        let fix = cause.fix(InstallationID(context: "", namespace: "team", release: "ci"))
        #expect(fix.contains("--serviceaccount ci-buildkit-builder --namespace team"), "\(fix)")
    }

    @Test(arguments: [true, false])
    func onlyWhatIsCertainPreventsThePlan(_ isCertain: Bool) {
        let outcome = outcome(
            Admission(
                asked: 1,
                refusals: [Admission.Refusal(resource: "pods", words: denied, isCertain: isCertain)],
                preview: .tried(in: "default")))
        #expect(outcome.word == (isCertain ? "failed" : "warning"))
        #expect(
            outcome.evidence
                == "An admission policy of the cluster rejects the BuildKit pod in namespace default: \(denied)"
        )
        #expect(outcome.hint?.contains("to exempt the namespace buildkit") == true)
    }
}
