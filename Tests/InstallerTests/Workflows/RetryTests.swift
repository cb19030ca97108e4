@testable import Installer
import Testing

/// The commands after a run that has stopped and whose changes were kept.
@Suite struct KeptRunTests {
    private let installation = InstallationID(context: "test", namespace: "team", release: "buildkit")

    private func stopped(_ kind: Plan.Kind, _ receipts: Receipt...) -> RunState {
        let step = Step(
            id: "release", title: "Any words", action: .unpackChart(folder: "/chart"), undo: [.takeBack])
        var run = RunState(Plan(kind, title: "Other words", installation: installation, steps: [step]))
        for receipt in receipts { run.apply(.made(step: step.id, receipt: receipt, at: .distantPast)) }
        run.apply(.interrupted(step: step.id, at: .distantPast))
        return run
    }

    private func revision(_ number: Int, after former: Int?) -> Receipt {
        .revision(work: HelmWork(installation, .upgrade, revision: number, returnsTo: former))
    }

    @Test func anInstallIsResumedOrRemoved() {
        let summary = RunSummary(
            stopped(.install, .record(path: "/chart")), of: .install, Answers(about: installation),
            dependencies: .test(ReplayRunner([:]), home: "/home"))
        #expect(summary.next.map(\.purpose) == ["Resume", "Or remove the installation"])
        #expect(summary.next.last?.command == "buildkit-installer uninstall --context test --namespace team")
    }

    @Test func theRemovalNamesTheBuilderAndTheFolder() {
        var answers = Answers(about: installation)
        (answers.builder, answers.certs) = ("shared", "/srv/certs")
        let command = stopped(.install, .record(path: "/chart")).wayBack(answers)?.command
        #expect(
            command
                == "buildkit-installer uninstall --context test --namespace team --builder shared --certs /srv/certs"
        )
    }

    @Test func anUpgradeIsRolledBackToTheFormerRevision() {
        let next = stopped(.upgrade, revision(4, after: 3)).wayBack(Answers())
        #expect(next?.purpose == "Or roll back the release to revision 3")
        #expect(next?.command == "helm rollback buildkit 3 --namespace team --kube-context test")
    }

    @Test func whereNothingWasCreatedThereIsNothingToTakeBack() {
        #expect(stopped(.install).wayBack(Answers()) == nil)
        #expect(stopped(.upgrade).wayBack(Answers()) == nil)
        #expect(stopped(.upgrade, revision(1, after: nil)).wayBack(Answers()) == nil)
    }

    /// What was rolled back needs no other command, and a revocation is never taken back.
    @Test func aRollbackOrARevocationHasNoWayBack() {
        var undone = stopped(.install, .record(path: "/chart"))
        undone.apply(.undone(step: "release", at: .distantPast))
        #expect(undone.wayBack(Answers()) == nil)
        #expect(stopped(.revokeClient, revision(4, after: 3)).wayBack(Answers()) == nil)
    }
}
