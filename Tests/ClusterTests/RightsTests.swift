import LabSupport
import Testing

/// Users with fewer and fewer rights: the missing rights are named before any change.
@Suite struct RightsTests {
    @Test func whoMayDoNothingIsToldAllThatIsMissing() async throws {
        let outcome = try await refused(who: [])
        #expect(outcome.errors.contains("create, delete, get, list, patch and update secrets"), "\(outcome)")
        #expect(outcome.errors.contains("create, delete, get, list, patch and watch deployments;"))
        #expect(outcome.errors.contains("; create the namespace"))
        #expect(outcome.errors.contains("Ask an administrator to run: kubectl create namespace"))
    }

    @Test func whoMayOnlyLookIsToldTheRest() async throws {
        let outcome = try await refused(who: ["view"])
        #expect(outcome.errors.contains("create, delete and patch configmaps, deployments"), "\(outcome)")
        #expect(outcome.errors.contains("list pods") == false)
    }

    @Test func whoMayNotMakeANamespaceIsToldJustThat() async throws {
        let outcome = try await refused(who: ["admin"])
        #expect(outcome.errors.contains("Missing permission: create the namespace"), "\(outcome)")
        #expect(!outcome.errors.contains("Missing permission: create, "))
    }

    @Test func theAdministratorOfANamespaceNeedsNoMore() async throws {
        try await ControlPlane.withNamespace { namespace in
            try await withTemporaryFolder { folder in
                let kubeconfig = try await Cluster.shared.user(
                    who: ["admin"], in: namespace.name, folder: folder)
                try await Installation.begin(in: namespace.name, kubeconfig: kubeconfig) { installation in
                    let outcome = try await installation.install()
                    #expect(outcome.succeeded, "\(outcome)")
                    #expect(try await installation.install().output.contains("Nothing to change"))
                }
            }
        }
    }

    private func refused(who roles: [String]) async throws -> Outcome {
        try await withTemporaryFolder { folder in
            let kubeconfig = try await Cluster.shared.user(who: roles, folder: folder)
            var outcome = Outcome(status: 0, output: "", errors: "")
            try await Installation.begin(kubeconfig: kubeconfig) { installation in
                let files = try installation.files()
                outcome = try await installation.install()
                #expect(outcome.status == 69, "\(outcome)")
                #expect(outcome.errors.hasSuffix("No changes were made.\n"))
                #expect(try await !installation.cluster.has(installation.namespace))
                #expect(try installation.files().filter { !$0.isFolder } == files.filter { !$0.isFolder })
            }
            return outcome
        }
    }
}
