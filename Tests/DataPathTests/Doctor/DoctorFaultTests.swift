import FoundationEssentials
import Installer
import LabSupport
import Testing

/// The doctor reports the broken layer and no other, tested with real components for each layer.
@Suite(.serialized, .installedOnce) struct DoctorFaultTests {
    private let installation: Installation

    init() throws { installation = try .current }

    @Test func whatWorksIsNotNamed() async throws {
        try await withPatient { patient in
            let outcome = try await patient.doctor()
            #expect(outcome.status == 0, "\(outcome)")
            #expect(
                outcome.output.hasPrefix(
                    "No problems found: the test build through remote-kubernetes succeeded.\n"),
                "\(outcome)")
            #expect(!outcome.output.contains("skipped"), "\(outcome)")
            #expect(!outcome.output.contains("warning"), "\(outcome)")
            #expect(outcome.output.contains("test build: succeeded in"))
        }
    }

    @Test(arguments: Fault.all) func whatIsBrokenIsNamed(fault: Fault) async throws {
        try await withPatient { patient in
            var patient = patient
            try await fault.happen(&patient) { patient in
                let builds = fault.broken == ["build"] ? "--build" : "--no-build"
                let outcome = try await patient.doctor(builds, "--output", "json")
                let json = try JSONDecoder().decode(JSONValue.self, from: Data(outcome.output.utf8))
                let layers = json["checks"]?.array ?? []
                func ids(_ verdict: String) -> [String] {
                    layers.filter { $0["verdict"]?.string == verdict }.compactMap { $0["id"]?.string }
                }
                #expect(ids("broken") == fault.broken, "\(outcome)")
                #expect(ids("warning") == fault.doubtful, "\(outcome)")
                #expect(outcome.status == (fault.broken.isEmpty ? 0 : 1))
                let named = (fault.broken + fault.doubtful).first
                let failure = layers.first { $0["id"]?.string == named }
                let words = "\(failure?["message"]?.string ?? "")\n\(failure?["detail"]?.string ?? "")"
                #expect(words.contains(fault.says), "\(words)")
                #expect(failure?["hint"]?.string?.isEmpty == false)
            }
        }
    }

    @Test func aBundleUnpacksAndHoldsNoKey() async throws {
        try await withPatient { patient in
            let file = "\(patient.folder)/doctor.tar"
            let outcome = try await patient.doctor("bundle", file)
            #expect(outcome.status == 0, "\(outcome)")
            let unpacked = "\(patient.folder)/unpacked"
            try FileManager.default.createDirectory(atPath: unpacked, withIntermediateDirectories: true)
            try await Program("tar").require("-xf", file, "-C", unpacked)
            let names = try FileManager.default.contentsOfDirectory(atPath: "\(unpacked)/buildkit-doctor")
            for name in [
                "examination.txt", "status.txt", "versions.txt", "events.txt", "describe.txt", "logs.txt",
                "answers.json", "journal.jsonl", "plan.sh",
            ] {
                #expect(names.contains(name))
                #expect(outcome.output.contains("  \(name) "))
            }
            let keys = try KeyBytes(below: [patient.folder, installation.certificates.path])
            #expect(keys.count >= 4)
            #expect(!keys.areIn(outcome.output + outcome.errors))
            #expect(!keys.areIn(try Data(contentsOf: URL(filePath: file))))
        }
    }

    private func withPatient(_ body: (Patient) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            try await body(try Patient(of: installation, in: folder))
        }
    }
}
