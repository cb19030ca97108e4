import FoundationEssentials
import LabSupport
import Testing

struct LabPartTests {
    @Test(arguments: LabPart.allCases)
    func everyPartIsThere(part: LabPart) throws {
        #expect(FileManager.default.isExecutableFile(atPath: try part.path) || part == .buildKitBridge)
    }

    @Test func aFolderOfLinksHasTheNamedProgramsAndNoOthers() async throws {
        try await withTemporaryFolder { folder in
            try LabPart.link([.kubectl, .helm], into: folder)
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["helm", "kubectl"])
            let helm = Program("\(folder)/helm")
            #expect(try await helm.require("version", "--template", "{{.Version}}").hasPrefix("v4."))
        }
    }
}
