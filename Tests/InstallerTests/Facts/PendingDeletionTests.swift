@testable import Installer
import Testing

@Suite struct PendingDeletionTests {
    @Test func onlyAnObjectThatIsBeingDeletedHasOne() {
        #expect(PendingDeletion(of: ["metadata": ["name": "a", "finalizers": ["example.com/hold"]]]) == nil)
        #expect(
            PendingDeletion(of: JSONValue.service.ending)
                == PendingDeletion(finalizers: ["example.com/hold"]))
    }

    @Test func itsSentenceNamesWhatItWaitsFor() {
        #expect(PendingDeletion().sentence(about: "Secret a") == "Secret a is being deleted")
        #expect(
            PendingDeletion(finalizers: ["x.com/a", "x.com/b"]).sentence(about: "Secret a")
                == "Secret a is being deleted and waits for its finalizers x.com/a and x.com/b")
    }

    @Test(arguments: [
        ("example.com/hold", true), ("kubernetes.io/pvc-protection", false), ("foregroundDeletion", false),
        ("service.kubernetes.io/load-balancer-cleanup", false),
    ])
    func aFinalizerOfKubernetesIsToldFromOthers(_ finalizer: String, _ isForeign: Bool) {
        #expect(PendingDeletion(finalizers: [finalizer]).isHeldByOthers == isForeign)
    }
}
