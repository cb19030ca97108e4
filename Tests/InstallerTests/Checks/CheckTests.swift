import FoundationEssentials
@testable import Installer
import Testing

/// Facts with which every check of an install passes.
extension Facts {
    static var fine: Facts {
        var facts = Facts()
        facts.kubectl = .known("1.36.2")
        facts.helm = .known("3.21.4")
        facts.docker = .known("28.2.2")
        facts.buildx = .known("0.29.1")
        facts.builders = .known(
            Builders(builders: [], current: nil, defaultConfiguration: nil, dockerContexts: ["elsewhere"]))
        facts.folder = .known(nil)
        facts.files = .known([:])
        facts.interruptedRun = .known(nil)
        facts.contexts = .known(Contexts(names: ["production", "staging"], current: "production"))
        facts.server = .known("1.36.2")
        facts.missingRights = .known([])
        facts.admission = .known(Admission(asked: 7))
        facts.namespace = .known(NamespaceState(exists: false, isTerminating: false, labels: [:]))
        facts.storageClasses = .known([StorageClass(name: "fast", isDefault: true)])
        facts.nodes = .known([])
        facts.mayListNodes = false
        facts.service = .known(nil)
        facts.secrets = .known(Secrets(outer: nil, inner: nil, findings: []))
        facts.release = .known(nil)
        facts.cacheClaim = .known(nil)
        facts.lacksKEDA = .known(false)
        facts.authorities = .known(Authorities(current: nil, former: nil))
        facts.clientFolders = .known(ClientFolders(own: "/certs/client"))
        return facts
    }
}

/// The verdict on facts and answers with the changes of the closure.
func verdict(_ check: Check, _ change: (inout Facts, inout Answers) -> Void = { _, _ in }) -> CheckOutcome {
    var facts = Facts.fine
    var answers = Answers()
    change(&facts, &answers)
    return check.verdict(facts, answers)
}

@Suite struct ChecksTests {
    @Test func onAFineMachineEveryCheckPassesOrDoesNotArise() {
        for result in Checks.install.results(.fine, Answers()) {
            switch result.verdict {
            case .passed, .skipped: break
            case .pending, .warning, .failed: Issue.record("\(result)")
            }
        }
    }

    @Test func withoutFactsEveryCheckIsPending() {
        for result in Checks.install.results(Facts(), Answers()) {
            #expect(result.verdict == .pending, "\(result.id)")
        }
    }

    @Test func everyCheckHasAnIDOfItsOwnAndAPositiveSentence() {
        #expect(Set(Checks.install.map(\.id)).count == Checks.install.count)
        #expect(Set(Checks.install.map(\.category)) == Set(Check.Category.allCases))
        for check in Checks.install { #expect(![".", ":", "!", "?"].contains(check.sentence.last)) }
    }

    @Test func whereTheServerDoesNotAnswerOneCheckSaysSo() {
        let silence = InstallerError(
            "The cluster does not respond", detail: "refused", hint: "Try it: kubectl version")
        var facts = Facts.fine
        facts.server = .unavailable(silence)
        facts.missingRights = .unavailable(silence)
        facts.namespace = .unavailable(silence)
        facts.storageClasses = .unavailable(silence)
        facts.nodes = .unavailable(silence)
        facts.service = .unavailable(silence)
        facts.secrets = .unavailable(silence)
        facts.release = .unavailable(silence)
        facts.cacheClaim = .unavailable(silence)
        facts.admission = .unavailable(silence)
        let results = Checks.install.results(facts, Answers())
        #expect(
            results.filter { $0.verdict.word == "failed" }.map(\.verdict) == [
                .failed(
                    "The cluster does not respond: refused",
                    hint: "Try it: kubectl --context production version")
            ])
        for result in results where result.category == .namespace {
            #expect(result.verdict == .skipped("the cluster does not respond"), "\(result.id)")
        }
    }

    @Test func whereKubectlIsMissingItAloneIsToBlame() {
        let missing = InstallerError(
            "kubectl not found", detail: "It is not on the PATH.", hint: "Install kubectl: https://…")
        var facts = Facts.fine
        facts.kubectl = .unavailable(missing)
        facts.contexts = .unavailable(missing)
        facts.server = .unavailable(missing)
        let failed = Checks.install.results(facts, Answers()).filter { $0.verdict.word == "failed" }
        #expect(failed.map(\.id) == ["kubectl"])
    }

    @Test func aResultIsFlatInJSON() throws {
        let result = CheckResult(
            id: "helm", category: .tools, sentence: "helm",
            verdict: .failed("helm is 3.11.2", hint: "Install Helm"))
        let json = try JSONDecoder().decode(JSONValue.self, from: JSONEncoder().encode(result))
        #expect(
            json == [
                "id": "helm", "category": "machine", "title": "helm",
                "verdict": "failed", "code": "HelmCheck",
                "message": "helm is 3.11.2", "hint": "Install Helm",
            ])
    }
}
