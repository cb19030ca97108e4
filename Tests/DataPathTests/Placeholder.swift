import LabSupport
import Testing
